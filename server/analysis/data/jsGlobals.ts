/**
 * Names that JavaScript and TypeScript code may use without declaring or importing them. Facts only: names of the
 * language, of Node and of common test runners. It must not know what they are used for.
 */

/** Values of the language. */
export const languageValues = `
AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array
Boolean DataView Date decodeURI decodeURIComponent DisposableStack encodeURI encodeURIComponent Error
escape eval EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity
Int16Array Int32Array Int8Array Intl isFinite isNaN Iterator JSON Map Math NaN Number Object parseFloat
parseInt Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
SuppressedError Symbol SyntaxError Temporal TypeError Uint16Array Uint32Array Uint8Array
Uint8ClampedArray unescape URIError WeakMap WeakRef WeakSet
`;

/** Types that only TypeScript knows. */
export const languageTypes = `
AggregateErrorConstructor ArrayBufferConstructor ArrayBufferLike ArrayBufferTypes ArrayBufferView
ArrayConstructor ArrayIterator ArrayLike AsyncDisposable AsyncDisposableStackConstructor AsyncGenerator
AsyncGeneratorFunction AsyncGeneratorFunctionConstructor AsyncIterable AsyncIterableIterator
AsyncIterator AsyncIteratorObject Awaited BigInt64ArrayConstructor BigIntConstructor
BigIntToLocaleStringOptions BigUint64ArrayConstructor BooleanConstructor BuiltinIteratorReturn
CallableFunction Capitalize ClassAccessorDecoratorContext ClassAccessorDecoratorResult
ClassAccessorDecoratorTarget ClassDecorator ClassDecoratorContext ClassFieldDecoratorContext
ClassGetterDecoratorContext ClassMemberDecoratorContext ClassMethodDecoratorContext
ClassSetterDecoratorContext ConcatArray ConstructorParameters DataViewConstructor DateConstructor
DecoratorContext DecoratorMetadata DecoratorMetadataObject Disposable DisposableStackConstructor
ErrorConstructor ErrorOptions EvalErrorConstructor Exclude Extract FinalizationRegistryConstructor
FlatArray Float16ArrayConstructor Float32ArrayConstructor Float64ArrayConstructor FunctionConstructor
Generator GeneratorFunction GeneratorFunctionConstructor IArguments ImportAssertions ImportAttributes
ImportCallOptions ImportMeta InstanceType Int16ArrayConstructor Int32ArrayConstructor
Int8ArrayConstructor Iterable IterableIterator IteratorObject IteratorObjectConstructor IteratorResult
IteratorReturnResult IteratorYieldResult Lowercase MapConstructor MapIterator MethodDecorator
NewableFunction NoInfer NonNullable NumberConstructor ObjectConstructor Omit OmitThisParameter
ParameterDecorator Parameters Partial Pick PromiseConstructor PromiseConstructorLike
PromiseFulfilledResult PromiseLike PromiseRejectedResult PromiseSettledResult PromiseWithResolvers
PropertyDecorator PropertyDescriptor PropertyDescriptorMap PropertyKey ProxyConstructor ProxyHandler
RangeErrorConstructor Readonly ReadonlyArray ReadonlyMap ReadonlySet ReadonlySetLike Record
ReferenceErrorConstructor RegExpConstructor RegExpExecArray RegExpIndicesArray RegExpMatchArray
RegExpStringIterator Required ReturnType SetConstructor SetIterator SharedArrayBufferConstructor
StringConstructor StringIterator SuppressedErrorConstructor SymbolConstructor SyntaxErrorConstructor
TemplateStringsArray ThisParameterType ThisType TypedPropertyDescriptor TypeErrorConstructor
Uint16ArrayConstructor Uint32ArrayConstructor Uint8ArrayConstructor Uint8ClampedArrayConstructor
Uncapitalize Uppercase URIErrorConstructor WeakKey WeakKeyTypes WeakMapConstructor WeakRefConstructor
WeakSetConstructor
`;

/** Values of Node. */
export const nodeValues = `
__dirname __filename Buffer BufferEncoding clearImmediate exports fetch global module NodeJS performance
process queueMicrotask require setImmediate structuredClone
`;

/** Values that test runners put into the global scope. */
export const testValues = `
after afterAll afterEach assert assertType before beforeAll beforeEach bench chai context cy Cypress
describe expect expectTypeOf fdescribe fit it jasmine jest mocha QUnit setup sinon specify spyOn suite
suiteSetup suiteTeardown teardown test vi vitest xdescribe xit
`;

/** Names that widespread tools and page scripts make global, and words of the grammar that read as names. */
export const otherValues = `
$ _ __BROWSER__ __DEV__ __non_webpack_require__ __PROD__ __TEST__ __VERSION__ __webpack_public_path__
__webpack_require__ ActiveXObject angular any arguments asserts Backbone bigint boolean browser Bun
chrome const d3 dataLayer define Deno dojo Ember ga globalThis goog google gtag Handlebars importScripts
Infinity jQuery JSX L Meteor Mustache NaN never number object Polymer React ReactDOM requirejs string
symbol THREE undefined uni unique unknown void Vue WScript wx
`;
