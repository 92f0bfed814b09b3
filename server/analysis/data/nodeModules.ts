/**
 * Node's own modules and the names that people import from them. Facts only.
 */

/** Module without `node:`, then its names. Where a name has several homes, the usual one comes first. */
export const nodeModules: readonly (readonly [module: string, names: string])[] = [
  [
    'fs',
    'appendFile appendFileSync access accessSync chown chownSync chmod chmodSync close closeSync copyFile copyFileSync cpSync createReadStream createWriteStream exists existsSync fchown fchownSync fchmod fchmodSync fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes futimesSync lchown lchownSync lchmod lchmodSync link linkSync lstat lstatSync lutimes lutimesSync mkdir mkdirSync mkdtemp mkdtempSync open openSync openAsBlob readdir readdirSync read readSync readv readvSync readFile readFileSync readlink readlinkSync realpath realpathSync rename renameSync rmSync rmdir rmdirSync stat statfs statSync statfsSync symlink symlinkSync truncate truncateSync unwatchFile unlink unlinkSync utimes utimesSync watch watchFile writeFile writeFileSync write writeSync writev writevSync Dirent Stats ReadStream WriteStream FileReadStream FileWriteStream Dir opendir opendirSync F_OK R_OK W_OK X_OK constants promises',
  ],
  [
    'path',
    'basename dirname extname isAbsolute join normalize relative resolve sep parse delimiter posix win32',
  ],
  [
    'fs/promises',
    'access copyFile open opendir rename truncate rmdir mkdir readdir readlink symlink lstat stat statfs link unlink chmod lchmod lchown chown utimes lutimes realpath mkdtemp writeFile appendFile readFile watch constants',
  ],
  ['events', 'EventEmitter once on'],
  ['child_process', 'exec execFile execFileSync execSync fork spawn spawnSync ChildProcess'],
  [
    'util',
    'promisify inspect format inherits deprecate types callbackify parseArgs isDeepStrictEqual styleText stripVTControlCharacters debuglog TextDecoder TextEncoder',
  ],
  ['url', 'fileURLToPath pathToFileURL URL URLSearchParams'],
  [
    'os',
    'EOL tmpdir homedir cpus hostname platform release arch userInfo networkInterfaces availableParallelism totalmem freemem',
  ],
  [
    'crypto',
    'createHash createHmac randomBytes randomUUID randomInt timingSafeEqual scrypt scryptSync pbkdf2 createCipheriv createDecipheriv createSign createVerify generateKeyPairSync webcrypto subtle createPublicKey createPrivateKey',
  ],
  ['stream', 'Readable Writable Duplex Transform PassThrough pipeline finished Stream'],
  ['http', 'createServer IncomingMessage ServerResponse Agent ClientRequest STATUS_CODES METHODS'],
  ['assert', 'strict AssertionError deepStrictEqual strictEqual notStrictEqual'],
  ['async_hooks', 'AsyncLocalStorage AsyncResource createHook'],
  ['buffer', 'Buffer Blob'],
  ['cluster', 'isPrimary isMaster isWorker'],
  ['dns', 'lookup resolve4 resolve6 resolveTxt'],
  [
    'dns/promises',
    'lookup lookupService Resolver getDefaultResultOrder setDefaultResultOrder setServers NODATA FORMERR SERVFAIL NOTFOUND NOTIMP REFUSED BADQUERY BADNAME BADFAMILY BADRESP CONNREFUSED TIMEOUT EOF FILE NOMEM DESTRUCTION BADSTR BADFLAGS NONAME BADHINTS NOTINITIALIZED LOADIPHLPAPI ADDRGETNETWORKPARAMS CANCELLED getServers resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse',
  ],
  ['http2', 'createSecureServer connect constants'],
  ['https', 'Agent'],
  ['module', 'createRequire builtinModules isBuiltin'],
  ['net', 'createConnection createServer Socket Server isIP isIPv4 isIPv6'],
  [
    'path/posix',
    'resolve normalize isAbsolute join relative toNamespacedPath dirname basename extname format parse matchesGlob sep delimiter win32 posix',
  ],
  [
    'path/win32',
    'resolve normalize isAbsolute join relative toNamespacedPath dirname basename extname format parse matchesGlob sep delimiter win32 posix',
  ],
  ['perf_hooks', 'performance PerformanceObserver monitorEventLoopDelay'],
  ['process', 'argv env cwd exit stdin stdout stderr platform nextTick'],
  ['querystring', 'unescapeBuffer unescape escape stringify encode parse decode'],
  ['readline', 'createInterface clearLine cursorTo moveCursor emitKeypressEvents'],
  ['readline/promises', 'createInterface'],
  ['stream/promises', 'finished pipeline'],
  ['stream/web', 'ReadableStream WritableStream TransformStream'],
  ['string_decoder', 'StringDecoder'],
  ['test', 'describe suite mock'],
  ['timers', 'setTimeout setInterval'],
  ['timers/promises', 'setTimeout setImmediate setInterval scheduler'],
  ['tls', 'TLSSocket createSecureContext'],
  ['tty', 'isatty ReadStream WriteStream'],
  ['v8', 'serialize deserialize getHeapStatistics'],
  ['vm', 'Script createContext runInContext runInNewContext runInThisContext SourceTextModule'],
  ['worker_threads', 'Worker isMainThread parentPort workerData MessageChannel MessagePort threadId'],
  [
    'zlib',
    'gzip gunzip gzipSync gunzipSync createGzip createGunzip deflate inflate deflateSync inflateSync brotliCompress brotliDecompress',
  ],
  ['inspector', 'Session'],
  ['diagnostics_channel', 'channel tracingChannel'],
  ['dgram', 'createSocket'],
];

/** Types only, by module. */
export const nodeTypes: readonly (readonly [module: string, names: string])[] = [
  ['fs', 'Stats Dirent PathLike'],
  ['child_process', 'ChildProcessWithoutNullStreams ExecOptions SpawnOptions'],
  ['http', 'RequestListener IncomingHttpHeaders OutgoingHttpHeaders'],
  ['net', 'AddressInfo'],
  ['stream', 'TransformCallback'],
  ['util', 'InspectOptions ParseArgsConfig'],
];
