/**
 * What common programs do and what their flags mean: `letter=words`, and `letter:=words` for one that takes a value,
 * which stands for `$`. Longer flags are named whole. Data only.
 */
export const programs: Readonly<Record<string, readonly [what: string, flags?: string]>> = {
  awk: ['runs a small program on each line', 'F:=fields are separated by $|v:=sets $|f:=program from $'],
  base64: ['writes bytes as Base64', 'd=decodes|w:=lines of $ characters'],
  cat: ['prints files one after the other', 'n=numbers the lines'],
  chmod: ['changes permissions', 'R=everything below, too|v=tells each'],
  chown: ['changes the owner', 'R=everything below, too'],
  cp: [
    'copies files',
    'r=folders with all that is in them|R=folders with all that is in them|a=keeps times, owners and links|f=replaces without asking|n=replaces nothing|v=tells each',
  ],
  curl: [
    'fetches from or sends to a URL',
    's=without progress|S=but with errors|f=fails on an HTTP error|L=follows redirects|o:=writes to $|O=writes to a file of the same name|X:=with the method $|H:=with the header $|d:=sends $|k=trusts any certificate|I=headers only|u:=as the user $|v=tells all',
  ],
  cut: ['prints some columns of each line', 'd:=columns are separated by $|f:=columns $|c:=characters $'],
  date: ['prints the time', 'u=in UTC|d:=of $'],
  dd: ['copies bytes in blocks'],
  df: ['tells the free space of disks', 'h=in readable sizes'],
  diff: [
    'compares files',
    'u=with lines around|r=folders with all that is in them|q=only whether they differ|w=ignoring space',
  ],
  docker: ['runs and manages containers'],
  du: ['tells the space that files use', 's=one sum for each|h=in readable sizes|a=files, too'],
  echo: ['prints its words', 'n=without a line end|e=with escapes'],
  env: ['runs with a changed environment', 'i=from an empty one|u:=without $'],
  find: [
    'walks folders and lists what fits',
    '-name:=called $|-iname:=called $ in any case|-type:=of the type $|-mtime:=changed $ days ago|-size:=of the size $|-maxdepth:=at most $ levels deep|-delete=**deletes each**|-exec=runs a program on each|-print0=names ended by a null|-path:=with the path $|-empty=empty ones',
  ],
  git: ['manages versions of files'],
  grep: [
    'prints the lines that match',
    'i=ignoring case|v=that do not match|r=in all files below|R=in all files below|n=with line numbers|l=only names of files|c=only how many|o=only what matches|E=extended pattern|F=plain text|P=Perl pattern|q=tells only by its status|w=whole words|A:=$ lines after|B:=$ lines before|C:=$ lines around|e:=the pattern $|m:=at most $|h=without names of files|s=without errors',
  ],
  gzip: [
    'compresses files',
    'd=decompresses|k=keeps the file|c=writes to the output|f=replaces without asking',
  ],
  head: ['prints the first lines', 'n:=$ lines|c:=$ bytes'],
  jq: [
    'picks and changes JSON',
    'r=without quotes|c=one line each|s=all as one array|n=without input|e=status tells of null',
  ],
  kill: ['sends a signal to processes', '9=at once, without a chance to clean up|s:=the signal $'],
  ln: ['makes links', 's=by name|f=replaces what is there'],
  ls: [
    'lists files',
    'l=with details|a=hidden ones, too|A=hidden ones, too|h=in readable sizes|t=newest first|r=the other way round|R=all folders below|S=largest first|1=one a line',
  ],
  make: [
    'builds by the rules of a makefile',
    'j:=$ at a time|C:=in the folder $|f:=rules from $|B=everything anew|n=only says what it would do',
  ],
  mkdir: ['makes folders', 'p=with those above, without failing if they exist|m:=with the permissions $'],
  mv: ['moves or renames files', 'f=replaces without asking|n=replaces nothing|v=tells each'],
  ps: ['lists processes', 'e=of everybody|f=with details'],
  read: [
    'reads a line into variables',
    'r=backslashes stand for themselves|p:=asks $|s=shows nothing|d:=up to $|t:=waits $ seconds',
  ],
  rm: [
    'deletes files',
    'r=**folders with all that is in them**|R=**folders with all that is in them**|f=without asking or failing|i=asks for each|v=tells each',
  ],
  rsync: [
    'brings a folder up to date with another',
    'a=keeps times, owners and links|v=tells each|z=compressed|n=only says what it would do|r=folders, too',
  ],
  scp: ['copies files between machines', 'r=folders, too|P:=port $|i:=with the key $'],
  sed: [
    'edits each line',
    'i=**in the file itself**|n=prints only what is asked for|E=extended patterns|r=extended patterns|e:=by $|f:=by the script $',
  ],
  sleep: ['waits'],
  sort: [
    'sorts lines',
    'n=by number|r=the other way round|u=each only once|k:=by column $|t:=columns are separated by $|h=by readable sizes|f=ignoring case|V=by version|o:=writes to $',
  ],
  ssh: ['runs on another machine', 'p:=port $|i:=with the key $|N=runs nothing|L:=forwards $|v=tells all'],
  sudo: ['runs as root', 'u:=as the user $|E=with this environment|n=without asking for a password'],
  tail: [
    'prints the last lines',
    'n:=$ lines|f=and those that are added|F=and those that are added, also after the file is replaced|c:=$ bytes',
  ],
  tar: [
    'packs or unpacks an archive',
    'c=packs|x=unpacks|t=lists|z=with gzip|j=with bzip2|J=with xz|v=tells each|f:=the archive $|C:=in the folder $|p=keeps permissions',
  ],
  tee: ['writes what comes in to a file and passes it on', 'a=at its end'],
  touch: ['makes a file, or sets its time to now', 'c=makes none'],
  tr: ['replaces or deletes characters', 'd=deletes them|s=one of those that repeat|c=all but these'],
  uniq: [
    'drops lines that repeat the one before',
    'c=with how often|d=only those that repeat|u=only those that do not|i=ignoring case',
  ],
  unzip: ['unpacks a zip archive', 'o=replaces without asking|d:=to $|q=quietly|l=lists only'],
  wc: ['counts', 'l=lines|w=words|c=bytes|m=characters'],
  wget: ['fetches a URL', 'q=quietly|O:=writes to $|c=goes on where it stopped|r=with what it links to'],
  which: ['tells where a program is'],
  xargs: [
    'runs a program with what comes in as its words',
    '0=separated by nulls|n:=$ at a time|I:=in the place of $|P:=$ at once|r=not without words|t=tells each',
  ],
  zip: ['packs a zip archive', 'r=folders, too|q=quietly'],
};
