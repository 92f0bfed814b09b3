" Codriver for ALE, in every file type and beside its own linters. Source it after ALE is loaded.
if exists('g:loaded_codriver_ale')
  finish
endif
let g:loaded_codriver_ale = 1

let g:codriver_executable = get(g:, 'codriver_executable', 'codriver-language-server')
let s:known = {}

function! s:Root(buffer) abort
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return empty(l:git) ? fnamemodify(bufname(a:buffer), ':p:h') : fnamemodify(l:git, ':h:h')
endfunction

function! s:Define(filetype) abort
  if empty(a:filetype) || has_key(s:known, a:filetype)
    return
  endif
  let s:known[a:filetype] = 1
  call ale#linter#Define(a:filetype, {
        \ 'name': 'codriver',
        \ 'lsp': 'stdio',
        \ 'executable': g:codriver_executable,
        \ 'command': '%e --stdio',
        \ 'project_root': function('s:Root'),
        \ 'language': a:filetype,
        \ })
endfunction

augroup codriver_ale
  autocmd!
  autocmd FileType * call s:Define(expand('<amatch>'))
augroup END
call s:Define(&filetype)
