/**
 * Names of members of the standard types, as candidates for a misspelt `x.name`. Facts only.
 */

/** Methods and properties of JavaScript, Node and the DOM. */
export const javascriptMembers = `
abort aborted abs acos acosh add addAbortListener addAbortSignal addEventListener addListener all alloc
allocUnsafe allocUnsafeSlow allowedNodeEnvironmentFlags allSettled anchor any append appendChild apply
arch arguments argv arrayBuffer asciiSlice asciiWrite asin asIndexedPairs asinh assert assign
asyncDispose asyncIterator at atan atanh availableMemory big bind binding blink blob blur body bodyUsed
bold buffer byteLength byteOffset bytes call caller canParse captureRejections captureRejectionSymbol
captureStackTrace catch cbrt ceil charAt charCodeAt chdir checked childNodes children classList
className clear click clientX clientY clone closed codePointAt compare compile compose concat config
constrainedMemory construct constructor context copy copyBytesFrom copyWithin cos cosh count countReset
cpuUsage create createObjectURL createTask currentTarget cwd debug debugPort decode defaultMaxListeners
defineProperties defineProperty delete deleteProperty description destroy destroyed dir dirxml disabled
dispatchEvent dispose dlopen document domain dotAll drop duplexPair emit emitWarning encoding endsWith
entries env equals error errored errorMonitor eventNames every exec execArgv execPath exit exitCode exp
fatal features fill filter finally find findIndex findLast findLastIndex finished firstChild fixed flags
flat flatMap floor focus fontcolor fontsize for forEach formData freeze from fromCharCode fromCodePoint
fromEntries fromWeb fround get getActiveResourcesInfo getAll getAttribute getBoundingClientRect
getBuiltinModule getDate getDay getDefaultHighWaterMark getegid getElementById geteuid getEventListeners
getFullYear getgid getgroups getHours getItem getMaxListeners getMilliseconds getMinutes getMonth
getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols
getPrototypeOf getSeconds getSetCookie getTime getTimezoneOffset getuid getUTCDate getUTCDay
getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getYear global
group groupCollapsed groupEnd has hash hasIndices hasInstance hasOwn hasOwnProperty
hasUncaughtExceptionCaptureCallback headers hexSlice hexWrite history host hostname href hrtime hypot
ignoreBOM ignoreCase imul includes indexOf info init initgroups innerHTML innerText input insertBefore
inspect is isArray isBuffer isConcatSpreadable isDestroyed isDisturbed isEncoding isErrored isExtensible
isFinite isFrozen isInteger isNaN isPaused isPrototypeOf isReadable isSafeInteger isSealed isView
isWellFormed isWritable italics iterator join json keyFor keys kill kMaxEventTargetListeners
kMaxEventTargetListenersWarned lastChild lastIndexOf lastMatch lastParen leftContext length link
listenerCount listeners loadEnvFile localeCompare localStorage location log map match matchAll max
maxByteLength memoryUsage message min moduleLoadList multiline name navigator nextSibling nextTick
normalize now of off offset offsetHeight offsetWidth ok on onabort once openStdin origin ownKeys padEnd
padStart parent parentElement parentNode parse parseFloat parseInt password pathname pause pid pipe
pipeline platform poolSize pop port pow ppid prepareStackTrace prependListener prependOnceListener
preventDefault preventExtensions previousSibling profile profileEnd promises propertyIsEnumerable
protocol prototype push querySelector querySelectorAll race random raw rawListeners read readable
readableAborted readableBuffer readableDidRead readableEncoding readableEnded readableFlowing
readableHighWaterMark readableLength readableObjectMode readDoubleBE readDoubleLE readFloatBE
readFloatLE readIntBE readIntLE readUIntBE readUintBE readUIntLE readUintLE reallyExit reason redirect
redirected reduce reduceRight reject release removeAllListeners removeChild removeEventListener
removeItem removeListener repeat replace replaceAll report requestAnimationFrame resizable resize
resolve resourceUsage resume reverse revokeObjectURL rightContext round scrollLeft scrollTop seal search
searchParams sessionStorage set setAttribute setDate setDefaultHighWaterMark setegid setEncoding seteuid
setFullYear setgid setgroups setHours setItem setMaxListeners setMilliseconds setMinutes setMonth
setPrototypeOf setSeconds setSourceMapsEnabled setTime setuid setUncaughtExceptionCaptureCallback
setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear
shift sign signal sin sinh size slice small some sort source sourceMapsEnabled species splice split sqrt
stackTraceLimit startsWith status statusText stderr stdin stdout sticky stopPropagation strike stringify
style sub subarray substr substring sup table take tan tanh target test text textContent then
throwIfAborted time timeEnd timeLog timeout timeStamp title toArray toDateString toExponential toFixed
toGMTString toISOString toJSON toLocaleDateString toLocaleLowerCase toLocaleString toLocaleTimeString
toLocaleUpperCase toLowerCase toPrecision toPrimitive toReversed toSorted toSpliced toString toStringTag
toTimeString toUpperCase toUTCString toWeb toWellFormed trace trim trimEnd trimLeft trimRight trimStart
trunc type umask unicode unicodeSets unpipe unscopables unshift uptime url username usingDomains value
valueOf values version versions warn with wrap write writeDoubleBE writeDoubleLE writeFloatBE
writeFloatLE writeIntBE writeIntLE writeUIntBE writeUintBE writeUIntLE writeUintLE
`;

/** Methods and attributes of the standard Python types. */
export const pythonMembers = `
absolute add add_note addFilter addHandler anchor append args as_integer_ratio as_posix as_uri
astimezone bit_count bit_length buffer callHandlers capitalize casefold center characters_written chmod
clear close closed combine conjugate copy count critical ctime cwd daemon date day days debug decode
deleter denominator detach difference difference_update discard drive dst encode encoding end endpos
endswith errno error errors exception exists expand expandtabs expanduser extend fatal fdel fget
filename filename2 fileno filter find findall findCaller finditer flags flush fold format format_map
from_bytes fromhex fromisocalendar fromisoformat fromkeys fromordinal fromtimestamp fset fullmatch get
getbuffer getChild getEffectiveLevel getName getter getvalue gi_code gi_frame gi_running gi_suspended
gi_yieldfrom glob group groupdict groupindex groups handle hardlink_to hasHandlers hex home hour ident
imag index info insert intersection intersection_update is_absolute is_alive is_block_device
is_char_device is_dir is_fifo is_file is_integer is_mount is_relative_to is_reserved is_socket
is_symlink isalnum isalpha isascii isatty isDaemon isdecimal isdigit isdisjoint isEnabledFor
isidentifier islower isnumeric isocalendar isoformat isoweekday isprintable isspace issubset issuperset
istitle isupper items iterdir join joinpath keys lastgroup lastindex lchmod line_buffering link_to ljust
log lower lstat lstrip makeRecord maketrans manager match max microsecond microseconds min minute mkdir
month name native_id newlines now numerator open owner parent parents partition parts pattern pop
popitem pos re read read1 read_bytes read_text readable readinto readinto1 readline readlines readlink
real reconfigure regs relative_to remove removeFilter removeHandler removeprefix removesuffix rename
replace resolution resolve reverse rfind rglob rindex rjust rmdir root rpartition rsplit rstrip run
samefile scanner search second seconds seek seekable send setDaemon setdefault setLevel setName setter
sort span split splitlines start startswith stat stem strerror strftime string strip strptime sub subn
suffix suffixes swapcase symlink_to symmetric_difference symmetric_difference_update tell throw time
timestamp timetuple timetz title to_bytes today toordinal total_seconds touch translate truncate tzinfo
tzname union unlink update upper utcfromtimestamp utcnow utcoffset utctimetuple values warn warning
weekday with_name with_stem with_suffix with_traceback writable write write_bytes write_text
write_through writelines year zfill
`;
