/**
 * Names of Python: what is always there, the modules of the standard library, and what people import from them.
 * Facts only; it must not know what they are used for.
 */

/** Names that need no import. */
export const builtinNames = `
_ __all__ __annotations__ __build_class__ __builtins__ __class__ __debug__ __dict__ __doc__ __file__
__import__ __loader__ __module__ __name__ __package__ __path__ __pypy__ __qualname__ __spec__ abs aiter
all anext any apply ArithmeticError ascii AssertionError AttributeError BaseException BaseExceptionGroup
basestring bin BlockingIOError bool breakpoint BrokenPipeError buffer BufferError bytearray bytes
BytesWarning callable ChildProcessError chr classmethod cmp coerce compile complex
ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError copyright credits
delattr DeprecationWarning dict dir divmod Ellipsis EncodingWarning enumerate EnvironmentError EOFError
eval Exception ExceptionGroup exec execfile exit False file FileExistsError FileNotFoundError filter
float FloatingPointError format frozenset FutureWarning GeneratorExit getattr globals hasattr hash help
hex id ImportError ImportWarning IndentationError IndexError input int intern InterruptedError IOError
IsADirectoryError isinstance issubclass iter KeyboardInterrupt KeyError len license list locals long
LookupError map max MemoryError memoryview min ModuleNotFoundError NameError next None
NotADirectoryError NotImplemented NotImplementedError object oct open ord OSError OverflowError
PendingDeprecationWarning PermissionError pow print ProcessLookupError property quit range raw_input
RecursionError reduce ReferenceError reload repr ResourceWarning reveal_locals reveal_type reversed
round RuntimeError RuntimeWarning set setattr slice sorted staticmethod StopAsyncIteration StopIteration
str sum super SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True tuple type
TypeError UnboundLocalError unichr unicode UnicodeDecodeError UnicodeEncodeError UnicodeError
UnicodeTranslateError UnicodeWarning UserWarning ValueError vars Warning WindowsError xrange
ZeroDivisionError zip
`;

/** Top-level modules of the standard library. */
export const standardModules = `
abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii
bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys
compileall concurrent configparser contextlib contextvars copy copyreg cProfile crypt csv ctypes curses
dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno
faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass
gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect
io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math
mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers
opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue
quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex
shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants
sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog
tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize
tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu
uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile
zipimport zlib zoneinfo
`;

/** Module, then the names that are usually imported from it. Where a name has several homes, the usual one comes first. */
export const moduleMembers: readonly (readonly [module: string, names: string])[] = [
  [
    'typing',
    'AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable BinaryIO ByteString Callable ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine Counter DefaultDict Deque Dict Final ForwardRef FrozenSet Generator Generic Hashable ItemsView Iterable Iterator KeysView List Literal LiteralString Mapping MappingView Match MutableMapping MutableSequence MutableSet NamedTuple Never NewType NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern Protocol Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO Tuple Type TypeAlias TypeGuard TypeVar TypeVarTuple TypedDict Union Unpack ValuesView assert_never assert_type cast clear_overloads dataclass_transform final get_args get_origin get_overloads get_type_hints is_typeddict no_type_check no_type_check_decorator overload reveal_type runtime_checkable',
  ],
  [
    'collections.abc',
    'AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized ValuesView',
  ],
  [
    'dataclasses',
    'Field FrozenInstanceError InitVar KW_ONLY MISSING asdict astuple dataclass field fields is_dataclass make_dataclass replace',
  ],
  ['pathlib', 'Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath'],
  ['collections', 'ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple'],
  [
    'functools',
    'WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cache cached_property cmp_to_key lru_cache partial partialmethod reduce singledispatch singledispatchmethod total_ordering update_wrapper wraps',
  ],
  [
    'itertools',
    'accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest',
  ],
  ['datetime', 'MAXYEAR MINYEAR UTC date datetime time timedelta timezone tzinfo'],
  [
    'enum',
    'CONFORM CONTINUOUS EJECT Enum EnumCheck EnumMeta EnumType Flag FlagBoundary IntEnum IntFlag KEEP NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE auto global_enum global_enum_repr global_flag_repr global_str member nonmember pickle_by_enum_name pickle_by_global_name property unique verify',
  ],
  [
    'contextlib',
    'AbstractAsyncContextManager AbstractContextManager AsyncExitStack ContextDecorator ExitStack aclosing asynccontextmanager chdir closing contextmanager nullcontext redirect_stderr redirect_stdout suppress',
  ],
  [
    'abc',
    'ABC ABCMeta abstractclassmethod abstractmethod abstractproperty abstractstaticmethod get_cache_token update_abstractmethods',
  ],
  [
    'argparse',
    'Action ArgumentDefaultsHelpFormatter ArgumentError ArgumentParser ArgumentTypeError BooleanOptionalAction FileType HelpFormatter MetavarTypeHelpFormatter Namespace ONE_OR_MORE OPTIONAL PARSER REMAINDER RawDescriptionHelpFormatter RawTextHelpFormatter SUPPRESS ZERO_OR_MORE',
  ],
  ['array', 'array'],
  ['ast', 'AST NodeTransformer NodeVisitor literal_eval parse'],
  [
    'asyncio',
    'AbstractEventLoop CancelledError Future Lock Semaphore StreamReader StreamWriter TaskGroup create_subprocess_exec create_task ensure_future gather get_event_loop get_running_loop iscoroutinefunction new_event_loop run_coroutine_threadsafe sleep to_thread wait_for',
  ],
  ['base64', 'b32decode b32encode b64decode b64encode urlsafe_b64decode urlsafe_b64encode'],
  ['bisect', 'bisect_left bisect_right insort insort_left insort_right'],
  ['calendar', 'isleap month_name monthrange timegm'],
  ['concurrent.futures', 'ProcessPoolExecutor ThreadPoolExecutor as_completed'],
  ['configparser', 'ConfigParser NoOptionError NoSectionError RawConfigParser SafeConfigParser'],
  ['contextvars', 'Context ContextVar Token copy_context'],
  ['copy', 'copy deepcopy'],
  ['csv', 'DictReader DictWriter QUOTE_ALL QUOTE_MINIMAL'],
  ['ctypes', 'CDLL POINTER Structure Union byref c_char_p c_double c_int c_uint32 c_void_p sizeof windll'],
  ['decimal', 'Decimal InvalidOperation ROUND_DOWN ROUND_HALF_UP ROUND_UP getcontext localcontext'],
  ['difflib', 'HtmlDiff SequenceMatcher get_close_matches ndiff unified_diff'],
  ['email.message', 'EmailMessage Message'],
  ['email.mime.multipart', 'MIMEMultipart'],
  ['email.mime.text', 'MIMEText'],
  ['fnmatch', 'fnmatch fnmatchcase'],
  ['fractions', 'Fraction'],
  ['getpass', 'getpass getuser'],
  ['glob', 'glob iglob'],
  ['gzip', 'BadGzipFile GzipFile'],
  ['hashlib', 'blake2b md5 pbkdf2_hmac sha1 sha256 sha512'],
  ['heapq', 'heapify heappop heappush heappushpop heapreplace nlargest nsmallest'],
  ['hmac', 'HMAC compare_digest digest digest_size new trans_36 trans_5C'],
  ['html', 'escape unescape'],
  ['html.parser', 'HTMLParser'],
  ['http', 'HTTPMethod HTTPStatus'],
  ['http.client', 'HTTPConnection HTTPException HTTPResponse HTTPSConnection'],
  ['http.server', 'BaseHTTPRequestHandler HTTPServer SimpleHTTPRequestHandler ThreadingHTTPServer'],
  ['importlib', 'import_module reload'],
  [
    'inspect',
    'Parameter Signature getdoc getmembers getsource isawaitable isclass iscoroutinefunction isfunction isgenerator isgeneratorfunction ismethod signature',
  ],
  [
    'io',
    'BufferedIOBase BufferedReader BufferedWriter BytesIO IOBase RawIOBase StringIO TextIOBase TextIOWrapper',
  ],
  ['ipaddress', 'IPv4Address IPv4Network IPv6Address IPv6Network ip_address ip_interface ip_network'],
  ['json', 'JSONDecodeError JSONDecoder JSONEncoder dumps loads'],
  [
    'logging',
    'FileHandler Formatter Handler LogRecord Logger LoggerAdapter NullHandler StreamHandler basicConfig getLogger',
  ],
  [
    'math',
    'ceil comb degrees floor fsum gcd hypot inf isclose isfinite isinf isnan log10 log2 nan prod radians sqrt',
  ],
  ['mimetypes', 'guess_extension guess_type'],
  ['multiprocessing', 'Manager Pool Process cpu_count freeze_support'],
  ['numbers', 'Integral Number Rational Real'],
  ['operator', 'attrgetter itemgetter methodcaller'],
  [
    'os',
    'PathLike cpu_count environ fspath getcwd getenv getpid listdir makedirs mkdir path remove rename scandir urandom walk',
  ],
  [
    'os.path',
    'abspath basename dirname exists expanduser expandvars getmtime getsize isabs isdir isfile normpath realpath relpath splitext',
  ],
  ['pickle', 'HIGHEST_PROTOCOL PickleError UnpicklingError dumps loads'],
  ['pkgutil', 'iter_modules walk_packages'],
  ['platform', 'machine python_implementation python_version'],
  ['pprint', 'pformat pprint'],
  ['queue', 'LifoQueue PriorityQueue Queue SimpleQueue'],
  ['random', 'Random SystemRandom choice choices getrandbits randint randrange sample shuffle uniform'],
  ['re', 'DOTALL IGNORECASE MULTILINE Match Pattern VERBOSE'],
  ['secrets', 'compare_digest token_bytes token_hex token_urlsafe'],
  ['selectors', 'DefaultSelector EVENT_READ EVENT_WRITE'],
  ['shelve', 'Shelf'],
  ['shlex', 'quote shlex'],
  [
    'shutil',
    'copy2 copyfile copyfileobj copytree disk_usage get_terminal_size make_archive rmtree unpack_archive which',
  ],
  ['signal', 'SIGHUP SIGINT SIGKILL SIGTERM Signals signal'],
  ['socket', 'AF_INET SOCK_STREAM create_connection gethostname socket'],
  ['sqlite3', 'Connection Cursor IntegrityError OperationalError Row connect'],
  ['ssl', 'CERT_NONE CERT_REQUIRED SSLContext SSLError create_default_context'],
  ['statistics', 'fmean mean median pstdev stdev variance'],
  [
    'string',
    'Template ascii_letters ascii_lowercase ascii_uppercase digits hexdigits printable punctuation whitespace',
  ],
  ['struct', 'Struct calcsize pack_into unpack_from'],
  [
    'subprocess',
    'CalledProcessError CompletedProcess DEVNULL PIPE Popen STDOUT SubprocessError TimeoutExpired check_call check_output list2cmdline',
  ],
  ['sys', 'argv exc_info executable exit maxsize modules path platform stderr stdin stdout version_info'],
  [
    'sysconfig',
    'get_config_h_filename get_config_var get_config_vars get_makefile_filename get_path get_path_names get_paths get_platform get_python_version get_scheme_names parse_config_h',
  ],
  [
    'tempfile',
    'NamedTemporaryFile SpooledTemporaryFile TemporaryDirectory TemporaryFile gettempdir mkdtemp mkstemp',
  ],
  ['textwrap', 'TextWrapper dedent indent shorten'],
  [
    'threading',
    'BoundedSemaphore Condition Event Lock RLock Semaphore Thread Timer current_thread get_ident main_thread',
  ],
  [
    'time',
    'gmtime localtime monotonic monotonic_ns perf_counter perf_counter_ns process_time sleep strftime strptime time_ns',
  ],
  ['timeit', 'Timer default_timer timeit'],
  ['tokenize', 'TokenError TokenInfo generate_tokens'],
  [
    'traceback',
    'TracebackException extract_tb format_exc format_exception format_tb print_exc print_stack walk_tb',
  ],
  [
    'types',
    'CodeType CoroutineType FrameType FunctionType GeneratorType GenericAlias MappingProxyType MethodType ModuleType NoneType SimpleNamespace TracebackType UnionType',
  ],
  ['unittest', 'IsolatedAsyncioTestCase TestCase TestSuite expectedFailure skipIf skipUnless'],
  ['unittest.mock', 'ANY AsyncMock MagicMock Mock PropertyMock create_autospec mock_open patch sentinel'],
  ['urllib.error', 'HTTPError URLError'],
  [
    'urllib.parse',
    'ParseResult SplitResult parse_qs parse_qsl quote quote_plus unquote unquote_plus urldefrag urlencode urljoin urlparse urlsplit urlunparse urlunsplit',
  ],
  ['urllib.request', 'ProxyHandler Request build_opener getproxies urlopen urlretrieve'],
  ['uuid', 'UUID uuid1 uuid3 uuid4 uuid5'],
  ['warnings', 'catch_warnings filterwarnings simplefilter warn'],
  ['weakref', 'ReferenceType WeakKeyDictionary WeakMethod WeakSet WeakValueDictionary finalize'],
  ['xml.etree.ElementTree', 'Element ElementTree SubElement fromstring tostring'],
  ['zipfile', 'BadZipFile ZIP_DEFLATED ZipFile is_zipfile'],
  ['zlib', 'adler32 compressobj crc32 decompressobj'],
  ['zoneinfo', 'InvalidTZPathWarning TZPATH ZoneInfo ZoneInfoNotFoundError available_timezones reset_tzpath'],
];
