import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
  var __webpack_modules__ = ({
  1916:
  ((__unused_webpack_module, exports) => {
var __webpack_unused_export__;
__webpack_unused_export__ = true;
exports.Io = exports.kp = void 0;
var peq = new Uint32Array(0x10000);
var myers_32 = function (a, b) {
    var n = a.length;
    var m = b.length;
    var lst = 1 << (n - 1);
    var pv = -1;
    var mv = 0;
    var sc = n;
    var i = n;
    while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
    }
    for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= ((eq & pv) + pv) ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
            sc++;
        }
        if (pv & lst) {
            sc--;
        }
        mv = (mv << 1) | 1;
        pv = (pv << 1) | ~(xv | mv);
        mv &= xv;
    }
    i = n;
    while (i--) {
        peq[a.charCodeAt(i)] = 0;
    }
    return sc;
};
var myers_x = function (b, a) {
    var n = a.length;
    var m = b.length;
    var mhc = [];
    var phc = [];
    var hsize = Math.ceil(n / 32);
    var vsize = Math.ceil(m / 32);
    for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
    }
    var j = 0;
    for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
            var eq = peq[a.charCodeAt(i)];
            var pb = (phc[(i / 32) | 0] >>> i) & 1;
            var mb = (mhc[(i / 32) | 0] >>> i) & 1;
            var xv = eq | mv_1;
            var xh = ((((eq | mb) & pv_1) + pv_1) ^ pv_1) | eq | mb;
            var ph = mv_1 | ~(xh | pv_1);
            var mh = pv_1 & xh;
            if ((ph >>> 31) ^ pb) {
                phc[(i / 32) | 0] ^= 1 << i;
            }
            if ((mh >>> 31) ^ mb) {
                mhc[(i / 32) | 0] ^= 1 << i;
            }
            ph = (ph << 1) | pb;
            mh = (mh << 1) | mb;
            pv_1 = mh | ~(xv | ph);
            mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] = 0;
        }
    }
    var mv = 0;
    var pv = -1;
    var start = j * 32;
    var vlen = Math.min(32, m - start) + start;
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
    }
    var score = m;
    for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = (phc[(i / 32) | 0] >>> i) & 1;
        var mb = (mhc[(i / 32) | 0] >>> i) & 1;
        var xv = eq | mv;
        var xh = ((((eq | mb) & pv) + pv) ^ pv) | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += (ph >>> (m - 1)) & 1;
        score -= (mh >>> (m - 1)) & 1;
        if ((ph >>> 31) ^ pb) {
            phc[(i / 32) | 0] ^= 1 << i;
        }
        if ((mh >>> 31) ^ mb) {
            mhc[(i / 32) | 0] ^= 1 << i;
        }
        ph = (ph << 1) | pb;
        mh = (mh << 1) | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
    }
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
    }
    return score;
};
var distance = function (a, b) {
    if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
    }
    if (b.length === 0) {
        return a.length;
    }
    if (a.length <= 32) {
        return myers_32(a, b);
    }
    return myers_x(a, b);
};
exports.Io = distance;
var closest = function (str, arr) {
    var min_distance = Infinity;
    var min_index = 0;
    for (var i = 0; i < arr.length; i++) {
        var dist = distance(str, arr[i]);
        if (dist < min_distance) {
            min_distance = dist;
            min_index = i;
        }
    }
    return arr[min_index];
};
exports.kp = closest;
  }),
  4043:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const { Readable } = __nccwpck_require__(9927)
const { InvalidArgumentError, RequestAbortedError } = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { getResolveErrorBodyCallback } = __nccwpck_require__(7655)
const { AsyncResource } = __nccwpck_require__(6698)
class RequestHandler extends AsyncResource {
  constructor (opts, callback) {
    if (!opts || typeof opts !== 'object') {
      throw new InvalidArgumentError('invalid opts')
    }
    const { signal, method, opaque, body, onInfo, responseHeaders, throwOnError, highWaterMark } = opts
    try {
      if (typeof callback !== 'function') {
        throw new InvalidArgumentError('invalid callback')
      }
      if (highWaterMark && (typeof highWaterMark !== 'number' || highWaterMark < 0)) {
        throw new InvalidArgumentError('invalid highWaterMark')
      }
      if (signal && typeof signal.on !== 'function' && typeof signal.addEventListener !== 'function') {
        throw new InvalidArgumentError('signal must be an EventEmitter or EventTarget')
      }
      if (method === 'CONNECT') {
        throw new InvalidArgumentError('invalid method')
      }
      if (onInfo && typeof onInfo !== 'function') {
        throw new InvalidArgumentError('invalid onInfo callback')
      }
      super('UNDICI_REQUEST')
    } catch (err) {
      if (util.isStream(body)) {
        util.destroy(body.on('error', util.nop), err)
      }
      throw err
    }
    this.method = method
    this.responseHeaders = responseHeaders || null
    this.opaque = opaque || null
    this.callback = callback
    this.res = null
    this.abort = null
    this.body = body
    this.trailers = {}
    this.context = null
    this.onInfo = onInfo || null
    this.throwOnError = throwOnError
    this.highWaterMark = highWaterMark
    this.signal = signal
    this.reason = null
    this.removeAbortListener = null
    if (util.isStream(body)) {
      body.on('error', (err) => {
        this.onError(err)
      })
    }
    if (this.signal) {
      if (this.signal.aborted) {
        this.reason = this.signal.reason ?? new RequestAbortedError()
      } else {
        this.removeAbortListener = util.addAbortListener(this.signal, () => {
          this.reason = this.signal.reason ?? new RequestAbortedError()
          if (this.res) {
            util.destroy(this.res.on('error', util.nop), this.reason)
          } else if (this.abort) {
            this.abort(this.reason)
          }
          if (this.removeAbortListener) {
            this.res?.off('close', this.removeAbortListener)
            this.removeAbortListener()
            this.removeAbortListener = null
          }
        })
      }
    }
  }
  onConnect (abort, context) {
    if (this.reason) {
      abort(this.reason)
      return
    }
    assert(this.callback)
    this.abort = abort
    this.context = context
  }
  onHeaders (statusCode, rawHeaders, resume, statusMessage) {
    const { callback, opaque, abort, context, responseHeaders, highWaterMark } = this
    const headers = responseHeaders === 'raw' ? util.parseRawHeaders(rawHeaders) : util.parseHeaders(rawHeaders)
    if (statusCode < 200) {
      if (this.onInfo) {
        this.onInfo({ statusCode, headers })
      }
      return
    }
    const parsedHeaders = responseHeaders === 'raw' ? util.parseHeaders(rawHeaders) : headers
    const contentType = parsedHeaders['content-type']
    const contentLength = parsedHeaders['content-length']
    const res = new Readable({
      resume,
      abort,
      contentType,
      contentLength: this.method !== 'HEAD' && contentLength
        ? Number(contentLength)
        : null,
      highWaterMark
    })
    if (this.removeAbortListener) {
      res.on('close', this.removeAbortListener)
    }
    this.callback = null
    this.res = res
    if (callback !== null) {
      if (this.throwOnError && statusCode >= 400) {
        this.runInAsyncScope(getResolveErrorBodyCallback, null,
          { callback, body: res, contentType, statusCode, statusMessage, headers }
        )
      } else {
        this.runInAsyncScope(callback, null, null, {
          statusCode,
          headers,
          trailers: this.trailers,
          opaque,
          body: res,
          context
        })
      }
    }
  }
  onData (chunk) {
    return this.res.push(chunk)
  }
  onComplete (trailers) {
    util.parseHeaders(trailers, this.trailers)
    this.res.push(null)
  }
  onError (err) {
    const { res, callback, body, opaque } = this
    if (callback) {
      this.callback = null
      queueMicrotask(() => {
        this.runInAsyncScope(callback, null, err, { opaque })
      })
    }
    if (res) {
      this.res = null
      queueMicrotask(() => {
        util.destroy(res, err)
      })
    }
    if (body) {
      this.body = null
      util.destroy(body, err)
    }
    if (this.removeAbortListener) {
      res?.off('close', this.removeAbortListener)
      this.removeAbortListener()
      this.removeAbortListener = null
    }
  }
}
function request (opts, callback) {
  if (callback === undefined) {
    return new Promise((resolve, reject) => {
      request.call(this, opts, (err, data) => {
        return err ? reject(err) : resolve(data)
      })
    })
  }
  try {
    this.dispatch(opts, new RequestHandler(opts, callback))
  } catch (err) {
    if (typeof callback !== 'function') {
      throw err
    }
    const opaque = opts?.opaque
    queueMicrotask(() => callback(err, { opaque }))
  }
}
module.exports = request
module.exports.RequestHandler = RequestHandler
  }),
  9927:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const { Readable } = __nccwpck_require__(7075)
const { RequestAbortedError, NotSupportedError, InvalidArgumentError, AbortError } = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { ReadableStreamFrom } = __nccwpck_require__(3440)
const kConsume = Symbol('kConsume')
const kReading = Symbol('kReading')
const kBody = Symbol('kBody')
const kAbort = Symbol('kAbort')
const kContentType = Symbol('kContentType')
const kContentLength = Symbol('kContentLength')
const noop = () => {}
class BodyReadable extends Readable {
  constructor ({
    resume,
    abort,
    contentType = '',
    contentLength,
    highWaterMark = 64 * 1024
  }) {
    super({
      autoDestroy: true,
      read: resume,
      highWaterMark
    })
    this._readableState.dataEmitted = false
    this[kAbort] = abort
    this[kConsume] = null
    this[kBody] = null
    this[kContentType] = contentType
    this[kContentLength] = contentLength
    this[kReading] = false
  }
  destroy (err) {
    if (!err && !this._readableState.endEmitted) {
      err = new RequestAbortedError()
    }
    if (err) {
      this[kAbort]()
    }
    return super.destroy(err)
  }
  _destroy (err, callback) {
    if (!this[kReading]) {
      setImmediate(() => {
        callback(err)
      })
    } else {
      callback(err)
    }
  }
  on (ev, ...args) {
    if (ev === 'data' || ev === 'readable') {
      this[kReading] = true
    }
    return super.on(ev, ...args)
  }
  addListener (ev, ...args) {
    return this.on(ev, ...args)
  }
  off (ev, ...args) {
    const ret = super.off(ev, ...args)
    if (ev === 'data' || ev === 'readable') {
      this[kReading] = (
        this.listenerCount('data') > 0 ||
        this.listenerCount('readable') > 0
      )
    }
    return ret
  }
  removeListener (ev, ...args) {
    return this.off(ev, ...args)
  }
  push (chunk) {
    if (this[kConsume] && chunk !== null) {
      consumePush(this[kConsume], chunk)
      return this[kReading] ? super.push(chunk) : true
    }
    return super.push(chunk)
  }
  async text () {
    return consume(this, 'text')
  }
  async json () {
    return consume(this, 'json')
  }
  async blob () {
    return consume(this, 'blob')
  }
  async bytes () {
    return consume(this, 'bytes')
  }
  async arrayBuffer () {
    return consume(this, 'arrayBuffer')
  }
  async formData () {
    throw new NotSupportedError()
  }
  get bodyUsed () {
    return util.isDisturbed(this)
  }
  get body () {
    if (!this[kBody]) {
      this[kBody] = ReadableStreamFrom(this)
      if (this[kConsume]) {
        this[kBody].getReader()
        assert(this[kBody].locked)
      }
    }
    return this[kBody]
  }
  async dump (opts) {
    let limit = Number.isFinite(opts?.limit) ? opts.limit : 128 * 1024
    const signal = opts?.signal
    if (signal != null && (typeof signal !== 'object' || !('aborted' in signal))) {
      throw new InvalidArgumentError('signal must be an AbortSignal')
    }
    signal?.throwIfAborted()
    if (this._readableState.closeEmitted) {
      return null
    }
    return await new Promise((resolve, reject) => {
      if (this[kContentLength] > limit) {
        this.destroy(new AbortError())
      }
      const onAbort = () => {
        this.destroy(signal.reason ?? new AbortError())
      }
      signal?.addEventListener('abort', onAbort)
      this
        .on('close', function () {
          signal?.removeEventListener('abort', onAbort)
          if (signal?.aborted) {
            reject(signal.reason ?? new AbortError())
          } else {
            resolve(null)
          }
        })
        .on('error', noop)
        .on('data', function (chunk) {
          limit -= chunk.length
          if (limit <= 0) {
            this.destroy()
          }
        })
        .resume()
    })
  }
}
function isLocked (self) {
  return (self[kBody] && self[kBody].locked === true) || self[kConsume]
}
function isUnusable (self) {
  return util.isDisturbed(self) || isLocked(self)
}
async function consume (stream, type) {
  assert(!stream[kConsume])
  return new Promise((resolve, reject) => {
    if (isUnusable(stream)) {
      const rState = stream._readableState
      if (rState.destroyed && rState.closeEmitted === false) {
        stream
          .on('error', err => {
            reject(err)
          })
          .on('close', () => {
            reject(new TypeError('unusable'))
          })
      } else {
        reject(rState.errored ?? new TypeError('unusable'))
      }
    } else {
      queueMicrotask(() => {
        stream[kConsume] = {
          type,
          stream,
          resolve,
          reject,
          length: 0,
          body: []
        }
        stream
          .on('error', function (err) {
            consumeFinish(this[kConsume], err)
          })
          .on('close', function () {
            if (this[kConsume].body !== null) {
              consumeFinish(this[kConsume], new RequestAbortedError())
            }
          })
        consumeStart(stream[kConsume])
      })
    }
  })
}
function consumeStart (consume) {
  if (consume.body === null) {
    return
  }
  const { _readableState: state } = consume.stream
  if (state.bufferIndex) {
    const start = state.bufferIndex
    const end = state.buffer.length
    for (let n = start; n < end; n++) {
      consumePush(consume, state.buffer[n])
    }
  } else {
    for (const chunk of state.buffer) {
      consumePush(consume, chunk)
    }
  }
  if (state.endEmitted) {
    consumeEnd(this[kConsume])
  } else {
    consume.stream.on('end', function () {
      consumeEnd(this[kConsume])
    })
  }
  consume.stream.resume()
  while (consume.stream.read() != null) {
  }
}
function chunksDecode (chunks, length) {
  if (chunks.length === 0 || length === 0) {
    return ''
  }
  const buffer = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)
  const bufferLength = buffer.length
  const start =
    bufferLength > 2 &&
    buffer[0] === 0xef &&
    buffer[1] === 0xbb &&
    buffer[2] === 0xbf
      ? 3
      : 0
  return buffer.utf8Slice(start, bufferLength)
}
function chunksConcat (chunks, length) {
  if (chunks.length === 0 || length === 0) {
    return new Uint8Array(0)
  }
  if (chunks.length === 1) {
    return new Uint8Array(chunks[0])
  }
  const buffer = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  let offset = 0
  for (let i = 0; i < chunks.length; ++i) {
    const chunk = chunks[i]
    buffer.set(chunk, offset)
    offset += chunk.length
  }
  return buffer
}
function consumeEnd (consume) {
  const { type, body, resolve, stream, length } = consume
  try {
    if (type === 'text') {
      resolve(chunksDecode(body, length))
    } else if (type === 'json') {
      resolve(JSON.parse(chunksDecode(body, length)))
    } else if (type === 'arrayBuffer') {
      resolve(chunksConcat(body, length).buffer)
    } else if (type === 'blob') {
      resolve(new Blob(body, { type: stream[kContentType] }))
    } else if (type === 'bytes') {
      resolve(chunksConcat(body, length))
    }
    consumeFinish(consume)
  } catch (err) {
    stream.destroy(err)
  }
}
function consumePush (consume, chunk) {
  consume.length += chunk.length
  consume.body.push(chunk)
}
function consumeFinish (consume, err) {
  if (consume.body === null) {
    return
  }
  if (err) {
    consume.reject(err)
  } else {
    consume.resolve()
  }
  consume.type = null
  consume.stream = null
  consume.resolve = null
  consume.reject = null
  consume.length = 0
  consume.body = null
}
module.exports = { Readable: BodyReadable, chunksDecode }
  }),
  7655:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const {
  ResponseStatusCodeError
} = __nccwpck_require__(8707)
const { chunksDecode } = __nccwpck_require__(9927)
const CHUNK_LIMIT = 128 * 1024
async function getResolveErrorBodyCallback ({ callback, body, contentType, statusCode, statusMessage, headers }) {
  assert(body)
  let chunks = []
  let length = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      length += chunk.length
      if (length > CHUNK_LIMIT) {
        chunks = []
        length = 0
        break
      }
    }
  } catch {
    chunks = []
    length = 0
  }
  const message = `Response status code ${statusCode}${statusMessage ? `: ${statusMessage}` : ''}`
  if (statusCode === 204 || !contentType || !length) {
    queueMicrotask(() => callback(new ResponseStatusCodeError(message, statusCode, headers)))
    return
  }
  const stackTraceLimit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  let payload
  try {
    if (isContentTypeApplicationJson(contentType)) {
      payload = JSON.parse(chunksDecode(chunks, length))
    } else if (isContentTypeText(contentType)) {
      payload = chunksDecode(chunks, length)
    }
  } catch {
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  queueMicrotask(() => callback(new ResponseStatusCodeError(message, statusCode, headers, payload)))
}
const isContentTypeApplicationJson = (contentType) => {
  return (
    contentType.length > 15 &&
    contentType[11] === '/' &&
    contentType[0] === 'a' &&
    contentType[1] === 'p' &&
    contentType[2] === 'p' &&
    contentType[3] === 'l' &&
    contentType[4] === 'i' &&
    contentType[5] === 'c' &&
    contentType[6] === 'a' &&
    contentType[7] === 't' &&
    contentType[8] === 'i' &&
    contentType[9] === 'o' &&
    contentType[10] === 'n' &&
    contentType[12] === 'j' &&
    contentType[13] === 's' &&
    contentType[14] === 'o' &&
    contentType[15] === 'n'
  )
}
const isContentTypeText = (contentType) => {
  return (
    contentType.length > 4 &&
    contentType[4] === '/' &&
    contentType[0] === 't' &&
    contentType[1] === 'e' &&
    contentType[2] === 'x' &&
    contentType[3] === 't'
  )
}
module.exports = {
  getResolveErrorBodyCallback,
  isContentTypeApplicationJson,
  isContentTypeText
}
  }),
  9136:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const net = __nccwpck_require__(7030)
const assert = __nccwpck_require__(4589)
const util = __nccwpck_require__(3440)
const { InvalidArgumentError, ConnectTimeoutError } = __nccwpck_require__(8707)
const timers = __nccwpck_require__(6603)
function noop () {}
let tls
let SessionCache
if (global.FinalizationRegistry && !(process.env.NODE_V8_COVERAGE || process.env.UNDICI_NO_FG)) {
  SessionCache = class WeakSessionCache {
    constructor (maxCachedSessions) {
      this._maxCachedSessions = maxCachedSessions
      this._sessionCache = new Map()
      this._sessionRegistry = new global.FinalizationRegistry((key) => {
        if (this._sessionCache.size < this._maxCachedSessions) {
          return
        }
        const ref = this._sessionCache.get(key)
        if (ref !== undefined && ref.deref() === undefined) {
          this._sessionCache.delete(key)
        }
      })
    }
    get (sessionKey) {
      const ref = this._sessionCache.get(sessionKey)
      return ref ? ref.deref() : null
    }
    set (sessionKey, session) {
      if (this._maxCachedSessions === 0) {
        return
      }
      this._sessionCache.set(sessionKey, new WeakRef(session))
      this._sessionRegistry.register(session, sessionKey)
    }
  }
} else {
  SessionCache = class SimpleSessionCache {
    constructor (maxCachedSessions) {
      this._maxCachedSessions = maxCachedSessions
      this._sessionCache = new Map()
    }
    get (sessionKey) {
      return this._sessionCache.get(sessionKey)
    }
    set (sessionKey, session) {
      if (this._maxCachedSessions === 0) {
        return
      }
      if (this._sessionCache.size >= this._maxCachedSessions) {
        const { value: oldestKey } = this._sessionCache.keys().next()
        this._sessionCache.delete(oldestKey)
      }
      this._sessionCache.set(sessionKey, session)
    }
  }
}
function buildConnector ({ allowH2, maxCachedSessions, socketPath, timeout, session: customSession, ...opts }) {
  if (maxCachedSessions != null && (!Number.isInteger(maxCachedSessions) || maxCachedSessions < 0)) {
    throw new InvalidArgumentError('maxCachedSessions must be a positive integer or zero')
  }
  const options = { path: socketPath, ...opts }
  const sessionCache = new SessionCache(maxCachedSessions == null ? 100 : maxCachedSessions)
  timeout = timeout == null ? 10e3 : timeout
  allowH2 = allowH2 != null ? allowH2 : false
  return function connect ({ hostname, host, protocol, port, servername, localAddress, httpSocket }, callback) {
    let socket
    if (protocol === 'https:') {
      if (!tls) {
        tls = __nccwpck_require__(1692)
      }
      servername = servername || options.servername || util.getServerName(host) || null
      const sessionKey = servername || hostname
      assert(sessionKey)
      const session = customSession || sessionCache.get(sessionKey) || null
      port = port || 443
      socket = tls.connect({
        highWaterMark: 16384,
        ...options,
        servername,
        session,
        localAddress,
        ALPNProtocols: allowH2 ? ['http/1.1', 'h2'] : ['http/1.1'],
        socket: httpSocket,
        port,
        host: hostname
      })
      socket
        .on('session', function (session) {
          sessionCache.set(sessionKey, session)
        })
    } else {
      assert(!httpSocket, 'httpSocket can only be sent on TLS update')
      port = port || 80
      socket = net.connect({
        highWaterMark: 64 * 1024,
        ...options,
        localAddress,
        port,
        host: hostname
      })
    }
    if (options.keepAlive == null || options.keepAlive) {
      const keepAliveInitialDelay = options.keepAliveInitialDelay === undefined ? 60e3 : options.keepAliveInitialDelay
      socket.setKeepAlive(true, keepAliveInitialDelay)
    }
    const clearConnectTimeout = setupConnectTimeout(new WeakRef(socket), { timeout, hostname, port })
    socket
      .setNoDelay(true)
      .once(protocol === 'https:' ? 'secureConnect' : 'connect', function () {
        queueMicrotask(clearConnectTimeout)
        if (callback) {
          const cb = callback
          callback = null
          cb(null, this)
        }
      })
      .on('error', function (err) {
        queueMicrotask(clearConnectTimeout)
        if (callback) {
          const cb = callback
          callback = null
          cb(err)
        }
      })
    return socket
  }
}
const setupConnectTimeout = process.platform === 'win32'
  ? (socketWeakRef, opts) => {
      if (!opts.timeout) {
        return noop
      }
      let s1 = null
      let s2 = null
      const fastTimer = timers.setFastTimeout(() => {
        s1 = setImmediate(() => {
          s2 = setImmediate(() => onConnectTimeout(socketWeakRef.deref(), opts))
        })
      }, opts.timeout)
      return () => {
        timers.clearFastTimeout(fastTimer)
        clearImmediate(s1)
        clearImmediate(s2)
      }
    }
  : (socketWeakRef, opts) => {
      if (!opts.timeout) {
        return noop
      }
      let s1 = null
      const fastTimer = timers.setFastTimeout(() => {
        s1 = setImmediate(() => {
          onConnectTimeout(socketWeakRef.deref(), opts)
        })
      }, opts.timeout)
      return () => {
        timers.clearFastTimeout(fastTimer)
        clearImmediate(s1)
      }
    }
function onConnectTimeout (socket, opts) {
  if (socket == null) {
    return
  }
  let message = 'Connect Timeout Error'
  if (Array.isArray(socket.autoSelectFamilyAttemptedAddresses)) {
    message += ` (attempted addresses: ${socket.autoSelectFamilyAttemptedAddresses.join(', ')},`
  } else {
    message += ` (attempted address: ${opts.hostname}:${opts.port},`
  }
  message += ` timeout: ${opts.timeout}ms)`
  util.destroy(socket, new ConnectTimeoutError(message))
}
module.exports = buildConnector
  }),
  735:
  ((module) => {
const headerNameLowerCasedRecord = {}
const wellknownHeaderNames = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Accept-Ranges',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Headers',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Access-Control-Request-Headers',
  'Access-Control-Request-Method',
  'Age',
  'Allow',
  'Alt-Svc',
  'Alt-Used',
  'Authorization',
  'Cache-Control',
  'Clear-Site-Data',
  'Connection',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Location',
  'Content-Range',
  'Content-Security-Policy',
  'Content-Security-Policy-Report-Only',
  'Content-Type',
  'Cookie',
  'Cross-Origin-Embedder-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
  'Date',
  'Device-Memory',
  'Downlink',
  'ECT',
  'ETag',
  'Expect',
  'Expect-CT',
  'Expires',
  'Forwarded',
  'From',
  'Host',
  'If-Match',
  'If-Modified-Since',
  'If-None-Match',
  'If-Range',
  'If-Unmodified-Since',
  'Keep-Alive',
  'Last-Modified',
  'Link',
  'Location',
  'Max-Forwards',
  'Origin',
  'Permissions-Policy',
  'Pragma',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'RTT',
  'Range',
  'Referer',
  'Referrer-Policy',
  'Refresh',
  'Retry-After',
  'Sec-WebSocket-Accept',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Version',
  'Server',
  'Server-Timing',
  'Service-Worker-Allowed',
  'Service-Worker-Navigation-Preload',
  'Set-Cookie',
  'SourceMap',
  'Strict-Transport-Security',
  'Supports-Loading-Mode',
  'TE',
  'Timing-Allow-Origin',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Upgrade-Insecure-Requests',
  'User-Agent',
  'Vary',
  'Via',
  'WWW-Authenticate',
  'X-Content-Type-Options',
  'X-DNS-Prefetch-Control',
  'X-Frame-Options',
  'X-Permitted-Cross-Domain-Policies',
  'X-Powered-By',
  'X-Requested-With',
  'X-XSS-Protection'
]
for (let i = 0; i < wellknownHeaderNames.length; ++i) {
  const key = wellknownHeaderNames[i]
  const lowerCasedKey = key.toLowerCase()
  headerNameLowerCasedRecord[key] = headerNameLowerCasedRecord[lowerCasedKey] =
    lowerCasedKey
}
Object.setPrototypeOf(headerNameLowerCasedRecord, null)
module.exports = {
  wellknownHeaderNames,
  headerNameLowerCasedRecord
}
  }),
  2414:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const diagnosticsChannel = __nccwpck_require__(3053)
const util = __nccwpck_require__(7975)
const undiciDebugLog = util.debuglog('undici')
const fetchDebuglog = util.debuglog('fetch')
const websocketDebuglog = util.debuglog('websocket')
let isClientSet = false
const channels = {
  beforeConnect: diagnosticsChannel.channel('undici:client:beforeConnect'),
  connected: diagnosticsChannel.channel('undici:client:connected'),
  connectError: diagnosticsChannel.channel('undici:client:connectError'),
  sendHeaders: diagnosticsChannel.channel('undici:client:sendHeaders'),
  create: diagnosticsChannel.channel('undici:request:create'),
  bodySent: diagnosticsChannel.channel('undici:request:bodySent'),
  headers: diagnosticsChannel.channel('undici:request:headers'),
  trailers: diagnosticsChannel.channel('undici:request:trailers'),
  error: diagnosticsChannel.channel('undici:request:error'),
  open: diagnosticsChannel.channel('undici:websocket:open'),
  close: diagnosticsChannel.channel('undici:websocket:close'),
  socketError: diagnosticsChannel.channel('undici:websocket:socket_error'),
  ping: diagnosticsChannel.channel('undici:websocket:ping'),
  pong: diagnosticsChannel.channel('undici:websocket:pong')
}
if (undiciDebugLog.enabled || fetchDebuglog.enabled) {
  const debuglog = fetchDebuglog.enabled ? fetchDebuglog : undiciDebugLog
  diagnosticsChannel.channel('undici:client:beforeConnect').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host }
    } = evt
    debuglog(
      'connecting to %s using %s%s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version
    )
  })
  diagnosticsChannel.channel('undici:client:connected').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host }
    } = evt
    debuglog(
      'connected to %s using %s%s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version
    )
  })
  diagnosticsChannel.channel('undici:client:connectError').subscribe(evt => {
    const {
      connectParams: { version, protocol, port, host },
      error
    } = evt
    debuglog(
      'connection to %s using %s%s errored - %s',
      `${host}${port ? `:${port}` : ''}`,
      protocol,
      version,
      error.message
    )
  })
  diagnosticsChannel.channel('undici:client:sendHeaders').subscribe(evt => {
    const {
      request: { method, path, origin }
    } = evt
    debuglog('sending request to %s %s/%s', method, origin, path)
  })
  diagnosticsChannel.channel('undici:request:headers').subscribe(evt => {
    const {
      request: { method, path, origin },
      response: { statusCode }
    } = evt
    debuglog(
      'received response to %s %s/%s - HTTP %d',
      method,
      origin,
      path,
      statusCode
    )
  })
  diagnosticsChannel.channel('undici:request:trailers').subscribe(evt => {
    const {
      request: { method, path, origin }
    } = evt
    debuglog('trailers received from %s %s/%s', method, origin, path)
  })
  diagnosticsChannel.channel('undici:request:error').subscribe(evt => {
    const {
      request: { method, path, origin },
      error
    } = evt
    debuglog(
      'request to %s %s/%s errored - %s',
      method,
      origin,
      path,
      error.message
    )
  })
  isClientSet = true
}
if (websocketDebuglog.enabled) {
  if (!isClientSet) {
    const debuglog = undiciDebugLog.enabled ? undiciDebugLog : websocketDebuglog
    diagnosticsChannel.channel('undici:client:beforeConnect').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host }
      } = evt
      debuglog(
        'connecting to %s%s using %s%s',
        host,
        port ? `:${port}` : '',
        protocol,
        version
      )
    })
    diagnosticsChannel.channel('undici:client:connected').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host }
      } = evt
      debuglog(
        'connected to %s%s using %s%s',
        host,
        port ? `:${port}` : '',
        protocol,
        version
      )
    })
    diagnosticsChannel.channel('undici:client:connectError').subscribe(evt => {
      const {
        connectParams: { version, protocol, port, host },
        error
      } = evt
      debuglog(
        'connection to %s%s using %s%s errored - %s',
        host,
        port ? `:${port}` : '',
        protocol,
        version,
        error.message
      )
    })
    diagnosticsChannel.channel('undici:client:sendHeaders').subscribe(evt => {
      const {
        request: { method, path, origin }
      } = evt
      debuglog('sending request to %s %s/%s', method, origin, path)
    })
  }
  diagnosticsChannel.channel('undici:websocket:open').subscribe(evt => {
    const {
      address: { address, port }
    } = evt
    websocketDebuglog('connection opened %s%s', address, port ? `:${port}` : '')
  })
  diagnosticsChannel.channel('undici:websocket:close').subscribe(evt => {
    const { websocket, code, reason } = evt
    websocketDebuglog(
      'closed connection to %s - %s %s',
      websocket.url,
      code,
      reason
    )
  })
  diagnosticsChannel.channel('undici:websocket:socket_error').subscribe(err => {
    websocketDebuglog('connection errored - %s', err.message)
  })
  diagnosticsChannel.channel('undici:websocket:ping').subscribe(evt => {
    websocketDebuglog('ping received')
  })
  diagnosticsChannel.channel('undici:websocket:pong').subscribe(evt => {
    websocketDebuglog('pong received')
  })
}
module.exports = {
  channels
}
  }),
  8707:
  ((module) => {
const kUndiciError = Symbol.for('undici.error.UND_ERR')
class UndiciError extends Error {
  constructor (message) {
    super(message)
    this.name = 'UndiciError'
    this.code = 'UND_ERR'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kUndiciError] === true
  }
  [kUndiciError] = true
}
const kConnectTimeoutError = Symbol.for('undici.error.UND_ERR_CONNECT_TIMEOUT')
class ConnectTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ConnectTimeoutError'
    this.message = message || 'Connect Timeout Error'
    this.code = 'UND_ERR_CONNECT_TIMEOUT'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kConnectTimeoutError] === true
  }
  [kConnectTimeoutError] = true
}
const kHeadersTimeoutError = Symbol.for('undici.error.UND_ERR_HEADERS_TIMEOUT')
class HeadersTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'HeadersTimeoutError'
    this.message = message || 'Headers Timeout Error'
    this.code = 'UND_ERR_HEADERS_TIMEOUT'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHeadersTimeoutError] === true
  }
  [kHeadersTimeoutError] = true
}
const kHeadersOverflowError = Symbol.for('undici.error.UND_ERR_HEADERS_OVERFLOW')
class HeadersOverflowError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'HeadersOverflowError'
    this.message = message || 'Headers Overflow Error'
    this.code = 'UND_ERR_HEADERS_OVERFLOW'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHeadersOverflowError] === true
  }
  [kHeadersOverflowError] = true
}
const kBodyTimeoutError = Symbol.for('undici.error.UND_ERR_BODY_TIMEOUT')
class BodyTimeoutError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'BodyTimeoutError'
    this.message = message || 'Body Timeout Error'
    this.code = 'UND_ERR_BODY_TIMEOUT'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kBodyTimeoutError] === true
  }
  [kBodyTimeoutError] = true
}
const kResponseStatusCodeError = Symbol.for('undici.error.UND_ERR_RESPONSE_STATUS_CODE')
class ResponseStatusCodeError extends UndiciError {
  constructor (message, statusCode, headers, body) {
    super(message)
    this.name = 'ResponseStatusCodeError'
    this.message = message || 'Response Status Code Error'
    this.code = 'UND_ERR_RESPONSE_STATUS_CODE'
    this.body = body
    this.status = statusCode
    this.statusCode = statusCode
    this.headers = headers
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseStatusCodeError] === true
  }
  [kResponseStatusCodeError] = true
}
const kInvalidArgumentError = Symbol.for('undici.error.UND_ERR_INVALID_ARG')
class InvalidArgumentError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InvalidArgumentError'
    this.message = message || 'Invalid Argument Error'
    this.code = 'UND_ERR_INVALID_ARG'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInvalidArgumentError] === true
  }
  [kInvalidArgumentError] = true
}
const kInvalidReturnValueError = Symbol.for('undici.error.UND_ERR_INVALID_RETURN_VALUE')
class InvalidReturnValueError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InvalidReturnValueError'
    this.message = message || 'Invalid Return Value Error'
    this.code = 'UND_ERR_INVALID_RETURN_VALUE'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInvalidReturnValueError] === true
  }
  [kInvalidReturnValueError] = true
}
const kAbortError = Symbol.for('undici.error.UND_ERR_ABORT')
class AbortError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'AbortError'
    this.message = message || 'The operation was aborted'
    this.code = 'UND_ERR_ABORT'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kAbortError] === true
  }
  [kAbortError] = true
}
const kRequestAbortedError = Symbol.for('undici.error.UND_ERR_ABORTED')
class RequestAbortedError extends AbortError {
  constructor (message) {
    super(message)
    this.name = 'AbortError'
    this.message = message || 'Request aborted'
    this.code = 'UND_ERR_ABORTED'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestAbortedError] === true
  }
  [kRequestAbortedError] = true
}
const kInformationalError = Symbol.for('undici.error.UND_ERR_INFO')
class InformationalError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'InformationalError'
    this.message = message || 'Request information'
    this.code = 'UND_ERR_INFO'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kInformationalError] === true
  }
  [kInformationalError] = true
}
const kRequestContentLengthMismatchError = Symbol.for('undici.error.UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
class RequestContentLengthMismatchError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'RequestContentLengthMismatchError'
    this.message = message || 'Request body length does not match content-length header'
    this.code = 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestContentLengthMismatchError] === true
  }
  [kRequestContentLengthMismatchError] = true
}
const kResponseContentLengthMismatchError = Symbol.for('undici.error.UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
class ResponseContentLengthMismatchError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ResponseContentLengthMismatchError'
    this.message = message || 'Response body length does not match content-length header'
    this.code = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseContentLengthMismatchError] === true
  }
  [kResponseContentLengthMismatchError] = true
}
const kClientDestroyedError = Symbol.for('undici.error.UND_ERR_DESTROYED')
class ClientDestroyedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ClientDestroyedError'
    this.message = message || 'The client is destroyed'
    this.code = 'UND_ERR_DESTROYED'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kClientDestroyedError] === true
  }
  [kClientDestroyedError] = true
}
const kClientClosedError = Symbol.for('undici.error.UND_ERR_CLOSED')
class ClientClosedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ClientClosedError'
    this.message = message || 'The client is closed'
    this.code = 'UND_ERR_CLOSED'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kClientClosedError] === true
  }
  [kClientClosedError] = true
}
const kSocketError = Symbol.for('undici.error.UND_ERR_SOCKET')
class SocketError extends UndiciError {
  constructor (message, socket) {
    super(message)
    this.name = 'SocketError'
    this.message = message || 'Socket error'
    this.code = 'UND_ERR_SOCKET'
    this.socket = socket
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kSocketError] === true
  }
  [kSocketError] = true
}
const kNotSupportedError = Symbol.for('undici.error.UND_ERR_NOT_SUPPORTED')
class NotSupportedError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'NotSupportedError'
    this.message = message || 'Not supported error'
    this.code = 'UND_ERR_NOT_SUPPORTED'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kNotSupportedError] === true
  }
  [kNotSupportedError] = true
}
const kBalancedPoolMissingUpstreamError = Symbol.for('undici.error.UND_ERR_BPL_MISSING_UPSTREAM')
class BalancedPoolMissingUpstreamError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'MissingUpstreamError'
    this.message = message || 'No upstream has been added to the BalancedPool'
    this.code = 'UND_ERR_BPL_MISSING_UPSTREAM'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kBalancedPoolMissingUpstreamError] === true
  }
  [kBalancedPoolMissingUpstreamError] = true
}
const kHTTPParserError = Symbol.for('undici.error.UND_ERR_HTTP_PARSER')
class HTTPParserError extends Error {
  constructor (message, code, data) {
    super(message)
    this.name = 'HTTPParserError'
    this.code = code ? `HPE_${code}` : undefined
    this.data = data ? data.toString() : undefined
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kHTTPParserError] === true
  }
  [kHTTPParserError] = true
}
const kResponseExceededMaxSizeError = Symbol.for('undici.error.UND_ERR_RES_EXCEEDED_MAX_SIZE')
class ResponseExceededMaxSizeError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'ResponseExceededMaxSizeError'
    this.message = message || 'Response content exceeded max size'
    this.code = 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseExceededMaxSizeError] === true
  }
  [kResponseExceededMaxSizeError] = true
}
const kRequestRetryError = Symbol.for('undici.error.UND_ERR_REQ_RETRY')
class RequestRetryError extends UndiciError {
  constructor (message, code, { headers, data }) {
    super(message)
    this.name = 'RequestRetryError'
    this.message = message || 'Request retry error'
    this.code = 'UND_ERR_REQ_RETRY'
    this.statusCode = code
    this.data = data
    this.headers = headers
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kRequestRetryError] === true
  }
  [kRequestRetryError] = true
}
const kResponseError = Symbol.for('undici.error.UND_ERR_RESPONSE')
class ResponseError extends UndiciError {
  constructor (message, code, { headers, data }) {
    super(message)
    this.name = 'ResponseError'
    this.message = message || 'Response error'
    this.code = 'UND_ERR_RESPONSE'
    this.statusCode = code
    this.data = data
    this.headers = headers
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kResponseError] === true
  }
  [kResponseError] = true
}
const kSecureProxyConnectionError = Symbol.for('undici.error.UND_ERR_PRX_TLS')
class SecureProxyConnectionError extends UndiciError {
  constructor (cause, message, options) {
    super(message, { cause, ...(options ?? {}) })
    this.name = 'SecureProxyConnectionError'
    this.message = message || 'Secure Proxy Connection failed'
    this.code = 'UND_ERR_PRX_TLS'
    this.cause = cause
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kSecureProxyConnectionError] === true
  }
  [kSecureProxyConnectionError] = true
}
const kMessageSizeExceededError = Symbol.for('undici.error.UND_ERR_WS_MESSAGE_SIZE_EXCEEDED')
class MessageSizeExceededError extends UndiciError {
  constructor (message) {
    super(message)
    this.name = 'MessageSizeExceededError'
    this.message = message || 'Max decompressed message size exceeded'
    this.code = 'UND_ERR_WS_MESSAGE_SIZE_EXCEEDED'
  }
  static [Symbol.hasInstance] (instance) {
    return instance && instance[kMessageSizeExceededError] === true
  }
  get [kMessageSizeExceededError] () {
    return true
  }
}
module.exports = {
  AbortError,
  HTTPParserError,
  UndiciError,
  HeadersTimeoutError,
  HeadersOverflowError,
  BodyTimeoutError,
  RequestContentLengthMismatchError,
  ConnectTimeoutError,
  ResponseStatusCodeError,
  InvalidArgumentError,
  InvalidReturnValueError,
  RequestAbortedError,
  ClientDestroyedError,
  ClientClosedError,
  InformationalError,
  SocketError,
  NotSupportedError,
  ResponseContentLengthMismatchError,
  BalancedPoolMissingUpstreamError,
  ResponseExceededMaxSizeError,
  RequestRetryError,
  ResponseError,
  SecureProxyConnectionError,
  MessageSizeExceededError
}
  }),
  4655:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const {
  InvalidArgumentError,
  NotSupportedError
} = __nccwpck_require__(8707)
const assert = __nccwpck_require__(4589)
const {
  isValidHTTPToken,
  isValidHeaderValue,
  isStream,
  destroy,
  isBuffer,
  isFormDataLike,
  isIterable,
  isBlobLike,
  buildURL,
  validateHandler,
  getServerName,
  normalizedMethodRecords
} = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const { headerNameLowerCasedRecord } = __nccwpck_require__(735)
const invalidPathRegex = /[^\u0021-\u00ff]/
const kHandler = Symbol('handler')
class Request {
  constructor (origin, {
    path,
    method,
    body,
    headers,
    query,
    idempotent,
    blocking,
    upgrade,
    headersTimeout,
    bodyTimeout,
    reset,
    throwOnError,
    expectContinue,
    servername
  }, handler) {
    if (typeof path !== 'string') {
      throw new InvalidArgumentError('path must be a string')
    } else if (
      path[0] !== '/' &&
      !(path.startsWith('http://') || path.startsWith('https://')) &&
      method !== 'CONNECT'
    ) {
      throw new InvalidArgumentError('path must be an absolute URL or start with a slash')
    } else if (invalidPathRegex.test(path)) {
      throw new InvalidArgumentError('invalid request path')
    }
    if (typeof method !== 'string') {
      throw new InvalidArgumentError('method must be a string')
    } else if (normalizedMethodRecords[method] === undefined && !isValidHTTPToken(method)) {
      throw new InvalidArgumentError('invalid request method')
    }
    if (upgrade && typeof upgrade !== 'string') {
      throw new InvalidArgumentError('upgrade must be a string')
    }
    if (upgrade && !isValidHeaderValue(upgrade)) {
      throw new InvalidArgumentError('invalid upgrade header')
    }
    if (headersTimeout != null && (!Number.isFinite(headersTimeout) || headersTimeout < 0)) {
      throw new InvalidArgumentError('invalid headersTimeout')
    }
    if (bodyTimeout != null && (!Number.isFinite(bodyTimeout) || bodyTimeout < 0)) {
      throw new InvalidArgumentError('invalid bodyTimeout')
    }
    if (reset != null && typeof reset !== 'boolean') {
      throw new InvalidArgumentError('invalid reset')
    }
    if (expectContinue != null && typeof expectContinue !== 'boolean') {
      throw new InvalidArgumentError('invalid expectContinue')
    }
    this.headersTimeout = headersTimeout
    this.bodyTimeout = bodyTimeout
    this.throwOnError = throwOnError === true
    this.method = method
    this.abort = null
    if (body == null) {
      this.body = null
    } else if (isStream(body)) {
      this.body = body
      const rState = this.body._readableState
      if (!rState || !rState.autoDestroy) {
        this.endHandler = function autoDestroy () {
          destroy(this)
        }
        this.body.on('end', this.endHandler)
      }
      this.errorHandler = err => {
        if (this.abort) {
          this.abort(err)
        } else {
          this.error = err
        }
      }
      this.body.on('error', this.errorHandler)
    } else if (isBuffer(body)) {
      this.body = body.byteLength ? body : null
    } else if (ArrayBuffer.isView(body)) {
      this.body = body.buffer.byteLength ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : null
    } else if (body instanceof ArrayBuffer) {
      this.body = body.byteLength ? Buffer.from(body) : null
    } else if (typeof body === 'string') {
      this.body = body.length ? Buffer.from(body) : null
    } else if (isFormDataLike(body) || isIterable(body) || isBlobLike(body)) {
      this.body = body
    } else {
      throw new InvalidArgumentError('body must be a string, a Buffer, a Readable stream, an iterable, or an async iterable')
    }
    this.completed = false
    this.aborted = false
    this.upgrade = upgrade || null
    this.path = query ? buildURL(path, query) : path
    this.origin = origin
    this.idempotent = idempotent == null
      ? method === 'HEAD' || method === 'GET'
      : idempotent
    this.blocking = blocking == null ? false : blocking
    this.reset = reset == null ? null : reset
    this.host = null
    this.contentLength = null
    this.contentType = null
    this.headers = []
    this.expectContinue = expectContinue != null ? expectContinue : false
    if (Array.isArray(headers)) {
      if (headers.length % 2 !== 0) {
        throw new InvalidArgumentError('headers array must be even')
      }
      for (let i = 0; i < headers.length; i += 2) {
        processHeader(this, headers[i], headers[i + 1])
      }
    } else if (headers && typeof headers === 'object') {
      if (headers[Symbol.iterator]) {
        for (const header of headers) {
          if (!Array.isArray(header) || header.length !== 2) {
            throw new InvalidArgumentError('headers must be in key-value pair format')
          }
          processHeader(this, header[0], header[1])
        }
      } else {
        const keys = Object.keys(headers)
        for (let i = 0; i < keys.length; ++i) {
          processHeader(this, keys[i], headers[keys[i]])
        }
      }
    } else if (headers != null) {
      throw new InvalidArgumentError('headers must be an object or an array')
    }
    validateHandler(handler, method, upgrade)
    this.servername = servername || getServerName(this.host)
    this[kHandler] = handler
    if (channels.create.hasSubscribers) {
      channels.create.publish({ request: this })
    }
  }
  onBodySent (chunk) {
    if (this[kHandler].onBodySent) {
      try {
        return this[kHandler].onBodySent(chunk)
      } catch (err) {
        this.abort(err)
      }
    }
  }
  onRequestSent () {
    if (channels.bodySent.hasSubscribers) {
      channels.bodySent.publish({ request: this })
    }
    if (this[kHandler].onRequestSent) {
      try {
        return this[kHandler].onRequestSent()
      } catch (err) {
        this.abort(err)
      }
    }
  }
  onConnect (abort) {
    assert(!this.aborted)
    assert(!this.completed)
    if (this.error) {
      abort(this.error)
    } else {
      this.abort = abort
      return this[kHandler].onConnect(abort)
    }
  }
  onResponseStarted () {
    return this[kHandler].onResponseStarted?.()
  }
  onHeaders (statusCode, headers, resume, statusText) {
    assert(!this.aborted)
    assert(!this.completed)
    if (channels.headers.hasSubscribers) {
      channels.headers.publish({ request: this, response: { statusCode, headers, statusText } })
    }
    try {
      return this[kHandler].onHeaders(statusCode, headers, resume, statusText)
    } catch (err) {
      this.abort(err)
    }
  }
  onData (chunk) {
    assert(!this.aborted)
    assert(!this.completed)
    try {
      return this[kHandler].onData(chunk)
    } catch (err) {
      this.abort(err)
      return false
    }
  }
  onUpgrade (statusCode, headers, socket, statusText = '') {
    this.onFinally()
    assert(!this.aborted)
    assert(!this.completed)
    if (statusCode !== null) {
      this.#publishUpgradeHeaders(statusCode, headers, statusText)
    }
    const result = this[kHandler].onUpgrade(statusCode, headers, socket)
    if (!this.aborted) {
      this.completed = true
      if (statusCode !== null) {
        this.#publishUpgradeTrailers()
      }
    }
    return result
  }
  onUpgradeResponse (statusCode, headers, parseHeaders, statusText = '') {
    assert(!this.aborted)
    assert(this.completed)
    if (channels.headers.hasSubscribers) {
      this.#publishUpgradeHeaders(statusCode, parseHeaders(headers), statusText)
    }
    this.#publishUpgradeTrailers()
  }
  onUpgradeError (error) {
    assert(!this.aborted)
    assert(this.completed)
    if (channels.error.hasSubscribers) {
      channels.error.publish({ request: this, error })
    }
  }
  #publishUpgradeHeaders (statusCode, headers, statusText) {
    if (channels.headers.hasSubscribers) {
      channels.headers.publish({ request: this, response: { statusCode, headers, statusText } })
    }
  }
  #publishUpgradeTrailers () {
    if (channels.trailers.hasSubscribers) {
      channels.trailers.publish({ request: this, trailers: [] })
    }
  }
  onComplete (trailers) {
    this.onFinally()
    assert(!this.aborted)
    this.completed = true
    if (channels.trailers.hasSubscribers) {
      channels.trailers.publish({ request: this, trailers })
    }
    try {
      return this[kHandler].onComplete(trailers)
    } catch (err) {
      this.onError(err)
    }
  }
  onError (error) {
    this.onFinally()
    if (channels.error.hasSubscribers) {
      channels.error.publish({ request: this, error })
    }
    if (this.aborted) {
      return
    }
    this.aborted = true
    return this[kHandler].onError(error)
  }
  onFinally () {
    if (this.errorHandler) {
      this.body.off('error', this.errorHandler)
      this.errorHandler = null
    }
    if (this.endHandler) {
      this.body.off('end', this.endHandler)
      this.endHandler = null
    }
  }
  addHeader (key, value) {
    processHeader(this, key, value)
    return this
  }
}
function processHeader (request, key, val) {
  if (val && (typeof val === 'object' && !Array.isArray(val))) {
    throw new InvalidArgumentError(`invalid ${key} header`)
  } else if (val === undefined) {
    return
  }
  let headerName = headerNameLowerCasedRecord[key]
  if (headerName === undefined) {
    headerName = key.toLowerCase()
    if (headerNameLowerCasedRecord[headerName] === undefined && !isValidHTTPToken(headerName)) {
      throw new InvalidArgumentError('invalid header key')
    }
  }
  if (Array.isArray(val)) {
    const arr = []
    for (let i = 0; i < val.length; i++) {
      if (typeof val[i] === 'string') {
        if (!isValidHeaderValue(val[i])) {
          throw new InvalidArgumentError(`invalid ${key} header`)
        }
        arr.push(val[i])
      } else if (val[i] === null) {
        arr.push('')
      } else if (typeof val[i] === 'object') {
        throw new InvalidArgumentError(`invalid ${key} header`)
      } else {
        const str = `${val[i]}`
        if (!isValidHeaderValue(str)) {
          throw new InvalidArgumentError(`invalid ${key} header`)
        }
        arr.push(str)
      }
    }
    val = arr
  } else if (typeof val === 'string') {
    if (!isValidHeaderValue(val)) {
      throw new InvalidArgumentError(`invalid ${key} header`)
    }
  } else if (val === null) {
    val = ''
  } else {
    val = `${val}`
    if (!isValidHeaderValue(val)) {
      throw new InvalidArgumentError(`invalid ${key} header`)
    }
  }
  if (headerName === 'host') {
    if (request.host !== null) {
      throw new InvalidArgumentError('duplicate host header')
    }
    if (typeof val !== 'string') {
      throw new InvalidArgumentError('invalid host header')
    }
    request.host = val
  } else if (headerName === 'content-length') {
    if (request.contentLength !== null) {
      throw new InvalidArgumentError('duplicate content-length header')
    }
    request.contentLength = parseInt(val, 10)
    if (!Number.isFinite(request.contentLength)) {
      throw new InvalidArgumentError('invalid content-length header')
    }
  } else if (request.contentType === null && headerName === 'content-type') {
    request.contentType = val
    request.headers.push(key, val)
  } else if (headerName === 'transfer-encoding' || headerName === 'keep-alive' || headerName === 'upgrade') {
    throw new InvalidArgumentError(`invalid ${headerName} header`)
  } else if (headerName === 'connection') {
    const value = typeof val === 'string' ? val.toLowerCase() : null
    if (value !== 'close' && value !== 'keep-alive') {
      throw new InvalidArgumentError('invalid connection header')
    }
    if (value === 'close') {
      request.reset = true
    }
  } else if (headerName === 'expect') {
    throw new NotSupportedError('expect header not supported')
  } else {
    request.headers.push(key, val)
  }
}
module.exports = Request
  }),
  6443:
  ((module) => {
module.exports = {
  kClose: Symbol('close'),
  kDestroy: Symbol('destroy'),
  kDispatch: Symbol('dispatch'),
  kUrl: Symbol('url'),
  kWriting: Symbol('writing'),
  kResuming: Symbol('resuming'),
  kQueue: Symbol('queue'),
  kConnect: Symbol('connect'),
  kConnecting: Symbol('connecting'),
  kKeepAliveDefaultTimeout: Symbol('default keep alive timeout'),
  kKeepAliveMaxTimeout: Symbol('max keep alive timeout'),
  kKeepAliveTimeoutThreshold: Symbol('keep alive timeout threshold'),
  kKeepAliveTimeoutValue: Symbol('keep alive timeout'),
  kKeepAlive: Symbol('keep alive'),
  kHeadersTimeout: Symbol('headers timeout'),
  kBodyTimeout: Symbol('body timeout'),
  kServerName: Symbol('server name'),
  kLocalAddress: Symbol('local address'),
  kHost: Symbol('host'),
  kNoRef: Symbol('no ref'),
  kBodyUsed: Symbol('used'),
  kBody: Symbol('abstracted request body'),
  kRunning: Symbol('running'),
  kBlocking: Symbol('blocking'),
  kPending: Symbol('pending'),
  kSize: Symbol('size'),
  kBusy: Symbol('busy'),
  kQueued: Symbol('queued'),
  kFree: Symbol('free'),
  kConnected: Symbol('connected'),
  kClosed: Symbol('closed'),
  kNeedDrain: Symbol('need drain'),
  kReset: Symbol('reset'),
  kDestroyed: Symbol.for('nodejs.stream.destroyed'),
  kResume: Symbol('resume'),
  kOnError: Symbol('on error'),
  kMaxHeadersSize: Symbol('max headers size'),
  kRunningIdx: Symbol('running index'),
  kPendingIdx: Symbol('pending index'),
  kError: Symbol('error'),
  kClients: Symbol('clients'),
  kClient: Symbol('client'),
  kParser: Symbol('parser'),
  kOnDestroyed: Symbol('destroy callbacks'),
  kPipelining: Symbol('pipelining'),
  kSocket: Symbol('socket'),
  kHostHeader: Symbol('host header'),
  kConnector: Symbol('connector'),
  kStrictContentLength: Symbol('strict content length'),
  kMaxRedirections: Symbol('maxRedirections'),
  kMaxRequests: Symbol('maxRequestsPerClient'),
  kProxy: Symbol('proxy agent options'),
  kCounter: Symbol('socket request counter'),
  kInterceptors: Symbol('dispatch interceptors'),
  kMaxResponseSize: Symbol('max response size'),
  kHTTP2Session: Symbol('http2Session'),
  kHTTP2SessionState: Symbol('http2Session state'),
  kRetryHandlerDefaultRetry: Symbol('retry agent default retry'),
  kConstruct: Symbol('constructable'),
  kListeners: Symbol('listeners'),
  kHTTPContext: Symbol('http context'),
  kMaxConcurrentStreams: Symbol('max concurrent streams'),
  kNoProxyAgent: Symbol('no proxy agent'),
  kHttpProxyAgent: Symbol('http proxy agent'),
  kHttpsProxyAgent: Symbol('https proxy agent')
}
  }),
  7752:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const {
  wellknownHeaderNames,
  headerNameLowerCasedRecord
} = __nccwpck_require__(735)
class TstNode {
  value = null
  left = null
  middle = null
  right = null
  code
  constructor (key, value, index) {
    if (index === undefined || index >= key.length) {
      throw new TypeError('Unreachable')
    }
    const code = this.code = key.charCodeAt(index)
    if (code > 0x7F) {
      throw new TypeError('key must be ascii string')
    }
    if (key.length !== ++index) {
      this.middle = new TstNode(key, value, index)
    } else {
      this.value = value
    }
  }
  add (key, value) {
    const length = key.length
    if (length === 0) {
      throw new TypeError('Unreachable')
    }
    let index = 0
    let node = this
    while (true) {
      const code = key.charCodeAt(index)
      if (code > 0x7F) {
        throw new TypeError('key must be ascii string')
      }
      if (node.code === code) {
        if (length === ++index) {
          node.value = value
          break
        } else if (node.middle !== null) {
          node = node.middle
        } else {
          node.middle = new TstNode(key, value, index)
          break
        }
      } else if (node.code < code) {
        if (node.left !== null) {
          node = node.left
        } else {
          node.left = new TstNode(key, value, index)
          break
        }
      } else if (node.right !== null) {
        node = node.right
      } else {
        node.right = new TstNode(key, value, index)
        break
      }
    }
  }
  search (key) {
    const keylength = key.length
    let index = 0
    let node = this
    while (node !== null && index < keylength) {
      let code = key[index]
      if (code <= 0x5a && code >= 0x41) {
        code |= 32
      }
      while (node !== null) {
        if (code === node.code) {
          if (keylength === ++index) {
            return node
          }
          node = node.middle
          break
        }
        node = node.code < code ? node.left : node.right
      }
    }
    return null
  }
}
class TernarySearchTree {
  node = null
  insert (key, value) {
    if (this.node === null) {
      this.node = new TstNode(key, value, 0)
    } else {
      this.node.add(key, value)
    }
  }
  lookup (key) {
    return this.node?.search(key)?.value ?? null
  }
}
const tree = new TernarySearchTree()
for (let i = 0; i < wellknownHeaderNames.length; ++i) {
  const key = headerNameLowerCasedRecord[wellknownHeaderNames[i]]
  tree.insert(key, key)
}
module.exports = {
  TernarySearchTree,
  tree
}
  }),
  3440:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const { kDestroyed, kBodyUsed, kListeners, kBody } = __nccwpck_require__(6443)
const { IncomingMessage } = __nccwpck_require__(7067)
const stream = __nccwpck_require__(7075)
const net = __nccwpck_require__(7030)
const { Blob } = __nccwpck_require__(4573)
const nodeUtil = __nccwpck_require__(7975)
const { stringify } = __nccwpck_require__(1792)
const { EventEmitter: EE } = __nccwpck_require__(8474)
const { InvalidArgumentError } = __nccwpck_require__(8707)
const { headerNameLowerCasedRecord } = __nccwpck_require__(735)
const { tree } = __nccwpck_require__(7752)
const [nodeMajor, nodeMinor] = process.versions.node.split('.').map(v => Number(v))
class BodyAsyncIterable {
  constructor (body) {
    this[kBody] = body
    this[kBodyUsed] = false
  }
  async * [Symbol.asyncIterator] () {
    assert(!this[kBodyUsed], 'disturbed')
    this[kBodyUsed] = true
    yield * this[kBody]
  }
}
function wrapRequestBody (body) {
  if (isStream(body)) {
    if (bodyLength(body) === 0) {
      body
        .on('data', function () {
          assert(false)
        })
    }
    if (typeof body.readableDidRead !== 'boolean') {
      body[kBodyUsed] = false
      EE.prototype.on.call(body, 'data', function () {
        this[kBodyUsed] = true
      })
    }
    return body
  } else if (body && typeof body.pipeTo === 'function') {
    return new BodyAsyncIterable(body)
  } else if (
    body &&
    typeof body !== 'string' &&
    !ArrayBuffer.isView(body) &&
    isIterable(body)
  ) {
    return new BodyAsyncIterable(body)
  } else {
    return body
  }
}
function nop () {}
function isStream (obj) {
  return obj && typeof obj === 'object' && typeof obj.pipe === 'function' && typeof obj.on === 'function'
}
function isBlobLike (object) {
  if (object === null) {
    return false
  } else if (object instanceof Blob) {
    return true
  } else if (typeof object !== 'object') {
    return false
  } else {
    const sTag = object[Symbol.toStringTag]
    return (sTag === 'Blob' || sTag === 'File') && (
      ('stream' in object && typeof object.stream === 'function') ||
      ('arrayBuffer' in object && typeof object.arrayBuffer === 'function')
    )
  }
}
function buildURL (url, queryParams) {
  if (url.includes('?') || url.includes('#')) {
    throw new Error('Query params cannot be passed when url already contains "?" or "#".')
  }
  const stringified = stringify(queryParams)
  if (stringified) {
    url += '?' + stringified
  }
  return url
}
function isValidPort (port) {
  const value = parseInt(port, 10)
  return (
    value === Number(port) &&
    value >= 0 &&
    value <= 65535
  )
}
function isHttpOrHttpsPrefixed (value) {
  return (
    value != null &&
    value[0] === 'h' &&
    value[1] === 't' &&
    value[2] === 't' &&
    value[3] === 'p' &&
    (
      value[4] === ':' ||
      (
        value[4] === 's' &&
        value[5] === ':'
      )
    )
  )
}
function parseURL (url) {
  if (typeof url === 'string') {
    url = new URL(url)
    if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
      throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
    }
    return url
  }
  if (!url || typeof url !== 'object') {
    throw new InvalidArgumentError('Invalid URL: The URL argument must be a non-null object.')
  }
  if (!(url instanceof URL)) {
    if (url.port != null && url.port !== '' && isValidPort(url.port) === false) {
      throw new InvalidArgumentError('Invalid URL: port must be a valid integer or a string representation of an integer.')
    }
    if (url.path != null && typeof url.path !== 'string') {
      throw new InvalidArgumentError('Invalid URL path: the path must be a string or null/undefined.')
    }
    if (url.pathname != null && typeof url.pathname !== 'string') {
      throw new InvalidArgumentError('Invalid URL pathname: the pathname must be a string or null/undefined.')
    }
    if (url.hostname != null && typeof url.hostname !== 'string') {
      throw new InvalidArgumentError('Invalid URL hostname: the hostname must be a string or null/undefined.')
    }
    if (url.origin != null && typeof url.origin !== 'string') {
      throw new InvalidArgumentError('Invalid URL origin: the origin must be a string or null/undefined.')
    }
    if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
      throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
    }
    const port = url.port != null
      ? url.port
      : (url.protocol === 'https:' ? 443 : 80)
    let origin = url.origin != null
      ? url.origin
      : `${url.protocol || ''}//${url.hostname || ''}:${port}`
    let path = url.path != null
      ? url.path
      : `${url.pathname || ''}${url.search || ''}`
    if (origin[origin.length - 1] === '/') {
      origin = origin.slice(0, origin.length - 1)
    }
    if (path && path[0] !== '/') {
      path = `/${path}`
    }
    return new URL(`${origin}${path}`)
  }
  if (!isHttpOrHttpsPrefixed(url.origin || url.protocol)) {
    throw new InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.')
  }
  return url
}
function parseOrigin (url) {
  url = parseURL(url)
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidArgumentError('invalid url')
  }
  return url
}
function getHostname (host) {
  if (host[0] === '[') {
    const idx = host.indexOf(']')
    assert(idx !== -1)
    return host.substring(1, idx)
  }
  const idx = host.indexOf(':')
  if (idx === -1) return host
  return host.substring(0, idx)
}
function getServerName (host) {
  if (!host) {
    return null
  }
  assert(typeof host === 'string')
  const servername = getHostname(host)
  if (net.isIP(servername)) {
    return ''
  }
  return servername
}
function deepClone (obj) {
  return JSON.parse(JSON.stringify(obj))
}
function isAsyncIterable (obj) {
  return !!(obj != null && typeof obj[Symbol.asyncIterator] === 'function')
}
function isIterable (obj) {
  return !!(obj != null && (typeof obj[Symbol.iterator] === 'function' || typeof obj[Symbol.asyncIterator] === 'function'))
}
function bodyLength (body) {
  if (body == null) {
    return 0
  } else if (isStream(body)) {
    const state = body._readableState
    return state && state.objectMode === false && state.ended === true && Number.isFinite(state.length)
      ? state.length
      : null
  } else if (isBlobLike(body)) {
    return body.size != null ? body.size : null
  } else if (isBuffer(body)) {
    return body.byteLength
  }
  return null
}
function isDestroyed (body) {
  return body && !!(body.destroyed || body[kDestroyed] || (stream.isDestroyed?.(body)))
}
function destroy (stream, err) {
  if (stream == null || !isStream(stream) || isDestroyed(stream)) {
    return
  }
  if (typeof stream.destroy === 'function') {
    if (Object.getPrototypeOf(stream).constructor === IncomingMessage) {
      stream.socket = null
    }
    stream.destroy(err)
  } else if (err) {
    queueMicrotask(() => {
      stream.emit('error', err)
    })
  }
  if (stream.destroyed !== true) {
    stream[kDestroyed] = true
  }
}
const KEEPALIVE_TIMEOUT_EXPR = /timeout=(\d+)/
function parseKeepAliveTimeout (val) {
  const m = val.toString().match(KEEPALIVE_TIMEOUT_EXPR)
  return m ? parseInt(m[1], 10) * 1000 : null
}
function headerNameToString (value) {
  return typeof value === 'string'
    ? headerNameLowerCasedRecord[value] ?? value.toLowerCase()
    : tree.lookup(value) ?? value.toString('latin1').toLowerCase()
}
function bufferToLowerCasedHeaderName (value) {
  return tree.lookup(value) ?? value.toString('latin1').toLowerCase()
}
function parseHeaders (headers, obj) {
  if (obj === undefined) obj = {}
  for (let i = 0; i < headers.length; i += 2) {
    const key = headerNameToString(headers[i])
    let val = obj[key]
    if (val) {
      if (typeof val === 'string') {
        val = [val]
        obj[key] = val
      }
      val.push(headers[i + 1].toString('utf8'))
    } else {
      const headersValue = headers[i + 1]
      if (typeof headersValue === 'string') {
        obj[key] = headersValue
      } else {
        obj[key] = Array.isArray(headersValue) ? headersValue.map(x => x.toString('utf8')) : headersValue.toString('utf8')
      }
    }
  }
  if ('content-length' in obj && 'content-disposition' in obj) {
    obj['content-disposition'] = Buffer.from(obj['content-disposition']).toString('latin1')
  }
  return obj
}
function parseRawHeaders (headers) {
  const len = headers.length
  const ret = new Array(len)
  let hasContentLength = false
  let contentDispositionIdx = -1
  let key
  let val
  let kLen = 0
  for (let n = 0; n < headers.length; n += 2) {
    key = headers[n]
    val = headers[n + 1]
    typeof key !== 'string' && (key = key.toString())
    typeof val !== 'string' && (val = val.toString('utf8'))
    kLen = key.length
    if (kLen === 14 && key[7] === '-' && (key === 'content-length' || key.toLowerCase() === 'content-length')) {
      hasContentLength = true
    } else if (kLen === 19 && key[7] === '-' && (key === 'content-disposition' || key.toLowerCase() === 'content-disposition')) {
      contentDispositionIdx = n + 1
    }
    ret[n] = key
    ret[n + 1] = val
  }
  if (hasContentLength && contentDispositionIdx !== -1) {
    ret[contentDispositionIdx] = Buffer.from(ret[contentDispositionIdx]).toString('latin1')
  }
  return ret
}
function isBuffer (buffer) {
  return buffer instanceof Uint8Array || Buffer.isBuffer(buffer)
}
function validateHandler (handler, method, upgrade) {
  if (!handler || typeof handler !== 'object') {
    throw new InvalidArgumentError('handler must be an object')
  }
  if (typeof handler.onConnect !== 'function') {
    throw new InvalidArgumentError('invalid onConnect method')
  }
  if (typeof handler.onError !== 'function') {
    throw new InvalidArgumentError('invalid onError method')
  }
  if (typeof handler.onBodySent !== 'function' && handler.onBodySent !== undefined) {
    throw new InvalidArgumentError('invalid onBodySent method')
  }
  if (upgrade || method === 'CONNECT') {
    if (typeof handler.onUpgrade !== 'function') {
      throw new InvalidArgumentError('invalid onUpgrade method')
    }
  } else {
    if (typeof handler.onHeaders !== 'function') {
      throw new InvalidArgumentError('invalid onHeaders method')
    }
    if (typeof handler.onData !== 'function') {
      throw new InvalidArgumentError('invalid onData method')
    }
    if (typeof handler.onComplete !== 'function') {
      throw new InvalidArgumentError('invalid onComplete method')
    }
  }
}
function isDisturbed (body) {
  return !!(body && (stream.isDisturbed(body) || body[kBodyUsed]))
}
function isErrored (body) {
  return !!(body && stream.isErrored(body))
}
function isReadable (body) {
  return !!(body && stream.isReadable(body))
}
function getSocketInfo (socket) {
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    timeout: socket.timeout,
    bytesWritten: socket.bytesWritten,
    bytesRead: socket.bytesRead
  }
}
function ReadableStreamFrom (iterable) {
  let iterator
  return new ReadableStream(
    {
      async start () {
        iterator = iterable[Symbol.asyncIterator]()
      },
      async pull (controller) {
        const { done, value } = await iterator.next()
        if (done) {
          queueMicrotask(() => {
            controller.close()
            controller.byobRequest?.respond(0)
          })
        } else {
          const buf = Buffer.isBuffer(value) ? value : Buffer.from(value)
          if (buf.byteLength) {
            controller.enqueue(new Uint8Array(buf))
          }
        }
        return controller.desiredSize > 0
      },
      async cancel (reason) {
        await iterator.return()
      },
      type: 'bytes'
    }
  )
}
function isFormDataLike (object) {
  return (
    object &&
    typeof object === 'object' &&
    typeof object.append === 'function' &&
    typeof object.delete === 'function' &&
    typeof object.get === 'function' &&
    typeof object.getAll === 'function' &&
    typeof object.has === 'function' &&
    typeof object.set === 'function' &&
    object[Symbol.toStringTag] === 'FormData'
  )
}
function addAbortListener (signal, listener) {
  if ('addEventListener' in signal) {
    signal.addEventListener('abort', listener, { once: true })
    return () => signal.removeEventListener('abort', listener)
  }
  signal.addListener('abort', listener)
  return () => signal.removeListener('abort', listener)
}
const hasToWellFormed = typeof String.prototype.toWellFormed === 'function'
const hasIsWellFormed = typeof String.prototype.isWellFormed === 'function'
function toUSVString (val) {
  return hasToWellFormed ? `${val}`.toWellFormed() : nodeUtil.toUSVString(val)
}
function isUSVString (val) {
  return hasIsWellFormed ? `${val}`.isWellFormed() : toUSVString(val) === `${val}`
}
function isTokenCharCode (c) {
  switch (c) {
    case 0x22:
    case 0x28:
    case 0x29:
    case 0x2c:
    case 0x2f:
    case 0x3a:
    case 0x3b:
    case 0x3c:
    case 0x3d:
    case 0x3e:
    case 0x3f:
    case 0x40:
    case 0x5b:
    case 0x5c:
    case 0x5d:
    case 0x7b:
    case 0x7d:
      return false
    default:
      return c >= 0x21 && c <= 0x7e
  }
}
function isValidHTTPToken (characters) {
  if (characters.length === 0) {
    return false
  }
  for (let i = 0; i < characters.length; ++i) {
    if (!isTokenCharCode(characters.charCodeAt(i))) {
      return false
    }
  }
  return true
}
const headerCharRegex = /[^\t\x20-\x7e\x80-\xff]/
function isValidHeaderValue (characters) {
  return !headerCharRegex.test(characters)
}
function parseRangeHeader (range) {
  if (range == null || range === '') return { start: 0, end: null, size: null }
  const m = range ? range.match(/^bytes (\d+)-(\d+)\/(\d+)?$/) : null
  return m
    ? {
        start: parseInt(m[1]),
        end: m[2] ? parseInt(m[2]) : null,
        size: m[3] ? parseInt(m[3]) : null
      }
    : null
}
function addListener (obj, name, listener) {
  const listeners = (obj[kListeners] ??= [])
  listeners.push([name, listener])
  obj.on(name, listener)
  return obj
}
function removeAllListeners (obj) {
  for (const [name, listener] of obj[kListeners] ?? []) {
    obj.removeListener(name, listener)
  }
  obj[kListeners] = null
}
function errorRequest (client, request, err) {
  try {
    request.onError(err)
    assert(request.aborted)
  } catch (err) {
    client.emit('error', err)
  }
}
const kEnumerableProperty = Object.create(null)
kEnumerableProperty.enumerable = true
const normalizedMethodRecordsBase = {
  delete: 'DELETE',
  DELETE: 'DELETE',
  get: 'GET',
  GET: 'GET',
  head: 'HEAD',
  HEAD: 'HEAD',
  options: 'OPTIONS',
  OPTIONS: 'OPTIONS',
  post: 'POST',
  POST: 'POST',
  put: 'PUT',
  PUT: 'PUT'
}
const normalizedMethodRecords = {
  ...normalizedMethodRecordsBase,
  patch: 'patch',
  PATCH: 'PATCH'
}
Object.setPrototypeOf(normalizedMethodRecordsBase, null)
Object.setPrototypeOf(normalizedMethodRecords, null)
module.exports = {
  kEnumerableProperty,
  nop,
  isDisturbed,
  isErrored,
  isReadable,
  toUSVString,
  isUSVString,
  isBlobLike,
  parseOrigin,
  parseURL,
  getServerName,
  isStream,
  isIterable,
  isAsyncIterable,
  isDestroyed,
  headerNameToString,
  bufferToLowerCasedHeaderName,
  addListener,
  removeAllListeners,
  errorRequest,
  parseRawHeaders,
  parseHeaders,
  parseKeepAliveTimeout,
  destroy,
  bodyLength,
  deepClone,
  ReadableStreamFrom,
  isBuffer,
  validateHandler,
  getSocketInfo,
  isFormDataLike,
  buildURL,
  addAbortListener,
  isValidHTTPToken,
  isValidHeaderValue,
  isTokenCharCode,
  parseRangeHeader,
  normalizedMethodRecordsBase,
  normalizedMethodRecords,
  isValidPort,
  isHttpOrHttpsPrefixed,
  nodeMajor,
  nodeMinor,
  safeHTTPMethods: ['GET', 'HEAD', 'OPTIONS', 'TRACE'],
  wrapRequestBody
}
  }),
  7405:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const { InvalidArgumentError } = __nccwpck_require__(8707)
const { kClients, kRunning, kClose, kDestroy, kDispatch, kInterceptors } = __nccwpck_require__(6443)
const DispatcherBase = __nccwpck_require__(1841)
const Pool = __nccwpck_require__(628)
const Client = __nccwpck_require__(3701)
const util = __nccwpck_require__(3440)
const createRedirectInterceptor = __nccwpck_require__(5092)
const kOnConnect = Symbol('onConnect')
const kOnDisconnect = Symbol('onDisconnect')
const kOnConnectionError = Symbol('onConnectionError')
const kMaxRedirections = Symbol('maxRedirections')
const kOnDrain = Symbol('onDrain')
const kFactory = Symbol('factory')
const kOptions = Symbol('options')
function defaultFactory (origin, opts) {
  return opts && opts.connections === 1
    ? new Client(origin, opts)
    : new Pool(origin, opts)
}
class Agent extends DispatcherBase {
  constructor ({ factory = defaultFactory, maxRedirections = 0, connect, tls, ...options } = {}) {
    if (typeof factory !== 'function') {
      throw new InvalidArgumentError('factory must be a function.')
    }
    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }
    if (!Number.isInteger(maxRedirections) || maxRedirections < 0) {
      throw new InvalidArgumentError('maxRedirections must be a positive number')
    }
    super(options)
    if (connect && typeof connect !== 'function') {
      connect = { ...connect }
    }
    if (tls && typeof tls !== 'function') {
      tls = { ...tls }
    }
    this[kInterceptors] = options.interceptors?.Agent && Array.isArray(options.interceptors.Agent)
      ? options.interceptors.Agent
      : [createRedirectInterceptor({ maxRedirections })]
    this[kOptions] = { ...util.deepClone(options), connect, tls }
    this[kOptions].interceptors = options.interceptors
      ? { ...options.interceptors }
      : undefined
    this[kMaxRedirections] = maxRedirections
    this[kFactory] = factory
    this[kClients] = new Map()
    this[kOnDrain] = (origin, targets) => {
      this.emit('drain', origin, [this, ...targets])
    }
    this[kOnConnect] = (origin, targets) => {
      this.emit('connect', origin, [this, ...targets])
    }
    this[kOnDisconnect] = (origin, targets, err) => {
      this.emit('disconnect', origin, [this, ...targets], err)
    }
    this[kOnConnectionError] = (origin, targets, err) => {
      this.emit('connectionError', origin, [this, ...targets], err)
    }
  }
  get [kRunning] () {
    let ret = 0
    for (const client of this[kClients].values()) {
      ret += client[kRunning]
    }
    return ret
  }
  [kDispatch] (opts, handler) {
    let key
    if (opts.origin && (typeof opts.origin === 'string' || opts.origin instanceof URL)) {
      key = String(opts.origin)
    } else {
      throw new InvalidArgumentError('opts.origin must be a non-empty string or URL.')
    }
    let dispatcher = this[kClients].get(key)
    if (!dispatcher) {
      dispatcher = this[kFactory](opts.origin, this[kOptions])
        .on('drain', this[kOnDrain])
        .on('connect', this[kOnConnect])
        .on('disconnect', this[kOnDisconnect])
        .on('connectionError', this[kOnConnectionError])
      this[kClients].set(key, dispatcher)
    }
    return dispatcher.dispatch(opts, handler)
  }
  async [kClose] () {
    const closePromises = []
    for (const client of this[kClients].values()) {
      closePromises.push(client.close())
    }
    this[kClients].clear()
    await Promise.all(closePromises)
  }
  async [kDestroy] (err) {
    const destroyPromises = []
    for (const client of this[kClients].values()) {
      destroyPromises.push(client.destroy(err))
    }
    this[kClients].clear()
    await Promise.all(destroyPromises)
  }
}
module.exports = Agent
  }),
  637:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const util = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const timers = __nccwpck_require__(6603)
const {
  RequestContentLengthMismatchError,
  ResponseContentLengthMismatchError,
  RequestAbortedError,
  InvalidArgumentError,
  HeadersTimeoutError,
  HeadersOverflowError,
  SocketError,
  InformationalError,
  BodyTimeoutError,
  HTTPParserError,
  ResponseExceededMaxSizeError
} = __nccwpck_require__(8707)
const {
  kUrl,
  kReset,
  kClient,
  kParser,
  kBlocking,
  kRunning,
  kPending,
  kSize,
  kWriting,
  kQueue,
  kNoRef,
  kKeepAliveDefaultTimeout,
  kHostHeader,
  kPendingIdx,
  kRunningIdx,
  kError,
  kPipelining,
  kSocket,
  kKeepAliveTimeoutValue,
  kMaxHeadersSize,
  kKeepAliveMaxTimeout,
  kKeepAliveTimeoutThreshold,
  kHeadersTimeout,
  kBodyTimeout,
  kStrictContentLength,
  kMaxRequests,
  kCounter,
  kMaxResponseSize,
  kOnError,
  kResume,
  kHTTPContext
} = __nccwpck_require__(6443)
const constants = __nccwpck_require__(2824)
const EMPTY_BUF = Buffer.alloc(0)
const FastBuffer = Buffer[Symbol.species]
const addListener = util.addListener
const removeAllListeners = util.removeAllListeners
const kIdleSocketValidation = Symbol('kIdleSocketValidation')
const kIdleSocketValidationTimeout = Symbol('kIdleSocketValidationTimeout')
const kSocketUsed = Symbol('kSocketUsed')
let extractBody
async function lazyllhttp () {
  const llhttpWasmData = process.env.JEST_WORKER_ID ? __nccwpck_require__(3870) : undefined
  let mod
  try {
    mod = await WebAssembly.compile(__nccwpck_require__(3434))
  } catch (e) {
    mod = await WebAssembly.compile(llhttpWasmData || __nccwpck_require__(3870))
  }
  return await WebAssembly.instantiate(mod, {
    env: {
      wasm_on_url: (p, at, len) => {
        return 0
      },
      wasm_on_status: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onStatus(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_message_begin: (p) => {
        assert(currentParser.ptr === p)
        return currentParser.onMessageBegin() || 0
      },
      wasm_on_header_field: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onHeaderField(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_header_value: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onHeaderValue(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_headers_complete: (p, statusCode, upgrade, shouldKeepAlive) => {
        assert(currentParser.ptr === p)
        return currentParser.onHeadersComplete(statusCode, Boolean(upgrade), Boolean(shouldKeepAlive)) || 0
      },
      wasm_on_body: (p, at, len) => {
        assert(currentParser.ptr === p)
        const start = at - currentBufferPtr + currentBufferRef.byteOffset
        return currentParser.onBody(new FastBuffer(currentBufferRef.buffer, start, len)) || 0
      },
      wasm_on_message_complete: (p) => {
        assert(currentParser.ptr === p)
        return currentParser.onMessageComplete() || 0
      }
    }
  })
}
let llhttpInstance = null
let llhttpPromise = lazyllhttp()
llhttpPromise.catch()
let currentParser = null
let currentBufferRef = null
let currentBufferSize = 0
let currentBufferPtr = null
const USE_NATIVE_TIMER = 0
const USE_FAST_TIMER = 1
const TIMEOUT_HEADERS = 2 | USE_FAST_TIMER
const TIMEOUT_BODY = 4 | USE_FAST_TIMER
const TIMEOUT_KEEP_ALIVE = 8 | USE_NATIVE_TIMER
class Parser {
  constructor (client, socket, { exports }) {
    assert(Number.isFinite(client[kMaxHeadersSize]) && client[kMaxHeadersSize] > 0)
    this.llhttp = exports
    this.ptr = this.llhttp.llhttp_alloc(constants.TYPE.RESPONSE)
    this.client = client
    this.socket = socket
    this.timeout = null
    this.timeoutValue = null
    this.timeoutType = null
    this.statusCode = null
    this.statusText = ''
    this.upgrade = false
    this.headers = []
    this.headersSize = 0
    this.headersMaxSize = client[kMaxHeadersSize]
    this.shouldKeepAlive = false
    this.paused = false
    this.resume = this.resume.bind(this)
    this.bytesRead = 0
    this.keepAlive = ''
    this.contentLength = ''
    this.connection = ''
    this.maxResponseSize = client[kMaxResponseSize]
  }
  setTimeout (delay, type) {
    if (
      delay !== this.timeoutValue ||
      (type & USE_FAST_TIMER) ^ (this.timeoutType & USE_FAST_TIMER)
    ) {
      if (this.timeout) {
        timers.clearTimeout(this.timeout)
        this.timeout = null
      }
      if (delay) {
        if (type & USE_FAST_TIMER) {
          this.timeout = timers.setFastTimeout(onParserTimeout, delay, new WeakRef(this))
        } else {
          this.timeout = setTimeout(onParserTimeout, delay, new WeakRef(this))
          this.timeout.unref()
        }
      }
      this.timeoutValue = delay
    } else if (this.timeout) {
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }
    this.timeoutType = type
  }
  resume () {
    if (this.socket.destroyed || !this.paused) {
      return
    }
    assert(this.ptr != null)
    assert(currentParser == null)
    this.llhttp.llhttp_resume(this.ptr)
    assert(this.timeoutType === TIMEOUT_BODY)
    if (this.timeout) {
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }
    this.paused = false
    this.execute(this.socket.read() || EMPTY_BUF)
    this.readMore()
  }
  readMore () {
    while (!this.paused && this.ptr) {
      const chunk = this.socket.read()
      if (chunk === null) {
        break
      }
      this.execute(chunk)
    }
  }
  execute (data) {
    assert(this.ptr != null)
    assert(currentParser == null)
    assert(!this.paused)
    const { socket, llhttp } = this
    if (data.length > currentBufferSize) {
      if (currentBufferPtr) {
        llhttp.free(currentBufferPtr)
      }
      currentBufferSize = Math.ceil(data.length / 4096) * 4096
      currentBufferPtr = llhttp.malloc(currentBufferSize)
    }
    new Uint8Array(llhttp.memory.buffer, currentBufferPtr, currentBufferSize).set(data)
    try {
      let ret
      try {
        currentBufferRef = data
        currentParser = this
        ret = llhttp.llhttp_execute(this.ptr, currentBufferPtr, data.length)
      } catch (err) {
        throw err
      } finally {
        currentParser = null
        currentBufferRef = null
      }
      const offset = llhttp.llhttp_get_error_pos(this.ptr) - currentBufferPtr
      if (ret !== constants.ERROR.OK) {
        const body = data.subarray(offset)
        if (ret === constants.ERROR.PAUSED_UPGRADE) {
          this.onUpgrade(body)
        } else if (ret === constants.ERROR.PAUSED) {
          this.paused = true
          socket.unshift(body)
        } else {
          throw this.createError(ret, body)
        }
      }
    } catch (err) {
      util.destroy(socket, err)
    }
  }
  finish () {
    assert(currentParser === null)
    assert(this.ptr != null)
    assert(!this.paused)
    const { llhttp } = this
    let ret
    try {
      currentParser = this
      ret = llhttp.llhttp_finish(this.ptr)
    } finally {
      currentParser = null
    }
    if (ret === constants.ERROR.OK) {
      return null
    }
    if (ret === constants.ERROR.PAUSED || ret === constants.ERROR.PAUSED_UPGRADE) {
      this.paused = true
      return null
    }
    return this.createError(ret, EMPTY_BUF)
  }
  createError (ret, data) {
    const { llhttp, contentLength, bytesRead } = this
    if (contentLength && bytesRead !== parseInt(contentLength, 10)) {
      return new ResponseContentLengthMismatchError()
    }
    const ptr = llhttp.llhttp_get_error_reason(this.ptr)
    let message = ''
    if (ptr) {
      const len = new Uint8Array(llhttp.memory.buffer, ptr).indexOf(0)
      message =
        'Response does not match the HTTP/1.1 protocol (' +
        Buffer.from(llhttp.memory.buffer, ptr, len).toString() +
        ')'
    }
    return new HTTPParserError(message, constants.ERROR[ret], data)
  }
  destroy () {
    assert(this.ptr != null)
    assert(currentParser == null)
    this.llhttp.llhttp_free(this.ptr)
    this.ptr = null
    this.timeout && timers.clearTimeout(this.timeout)
    this.timeout = null
    this.timeoutValue = null
    this.timeoutType = null
    this.paused = false
  }
  onStatus (buf) {
    this.statusText = buf.toString()
  }
  onMessageBegin () {
    const { socket, client } = this
    if (socket.destroyed) {
      return -1
    }
    if (client[kRunning] === 0) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }
    const request = client[kQueue][client[kRunningIdx]]
    if (!request) {
      return -1
    }
    request.onResponseStarted()
  }
  onHeaderField (buf) {
    const len = this.headers.length
    if ((len & 1) === 0) {
      this.headers.push(buf)
    } else {
      this.headers[len - 1] = Buffer.concat([this.headers[len - 1], buf])
    }
    this.trackHeader(buf.length)
  }
  onHeaderValue (buf) {
    let len = this.headers.length
    if ((len & 1) === 1) {
      this.headers.push(buf)
      len += 1
    } else {
      this.headers[len - 1] = Buffer.concat([this.headers[len - 1], buf])
    }
    const key = this.headers[len - 2]
    if (key.length === 10) {
      const headerName = util.bufferToLowerCasedHeaderName(key)
      if (headerName === 'keep-alive') {
        this.keepAlive += buf.toString()
      } else if (headerName === 'connection') {
        this.connection += buf.toString()
      }
    } else if (key.length === 14 && util.bufferToLowerCasedHeaderName(key) === 'content-length') {
      this.contentLength += buf.toString()
    }
    this.trackHeader(buf.length)
  }
  trackHeader (len) {
    this.headersSize += len
    if (this.headersSize >= this.headersMaxSize) {
      util.destroy(this.socket, new HeadersOverflowError())
    }
  }
  onUpgrade (head) {
    const { upgrade, client, socket, headers, statusCode, statusText } = this
    assert(upgrade)
    assert(client[kSocket] === socket)
    assert(!socket.destroyed)
    assert(!this.paused)
    assert((headers.length & 1) === 0)
    const request = client[kQueue][client[kRunningIdx]]
    assert(request)
    assert(request.upgrade || request.method === 'CONNECT')
    this.statusCode = null
    this.statusText = ''
    this.shouldKeepAlive = null
    this.headers = []
    this.headersSize = 0
    socket.unshift(head)
    socket[kParser].destroy()
    socket[kParser] = null
    socket[kClient] = null
    socket[kError] = null
    removeAllListeners(socket)
    client[kSocket] = null
    client[kHTTPContext] = null
    client[kQueue][client[kRunningIdx]++] = null
    client.emit('disconnect', client[kUrl], [client], new InformationalError('upgrade'))
    try {
      request.onUpgrade(statusCode, headers, socket, statusText)
    } catch (error) {
      util.errorRequest(client, request, error)
      util.destroy(socket, error)
    }
    client[kResume]()
  }
  onHeadersComplete (statusCode, upgrade, shouldKeepAlive) {
    const { client, socket, headers, statusText } = this
    if (socket.destroyed) {
      return -1
    }
    if (client[kRunning] === 0) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }
    const request = client[kQueue][client[kRunningIdx]]
    if (!request) {
      return -1
    }
    assert(!this.upgrade)
    assert(this.statusCode < 200)
    if (statusCode === 100) {
      util.destroy(socket, new SocketError('bad response', util.getSocketInfo(socket)))
      return -1
    }
    if (upgrade && !request.upgrade) {
      util.destroy(socket, new SocketError('bad upgrade', util.getSocketInfo(socket)))
      return -1
    }
    assert(this.timeoutType === TIMEOUT_HEADERS)
    this.statusCode = statusCode
    this.shouldKeepAlive = (
      shouldKeepAlive ||
      (request.method === 'HEAD' && !socket[kReset] && this.connection.toLowerCase() === 'keep-alive')
    )
    if (this.statusCode >= 200) {
      const bodyTimeout = request.bodyTimeout != null
        ? request.bodyTimeout
        : client[kBodyTimeout]
      this.setTimeout(bodyTimeout, TIMEOUT_BODY)
    } else if (this.timeout) {
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }
    if (request.method === 'CONNECT') {
      assert(client[kRunning] === 1)
      this.upgrade = true
      return 2
    }
    if (upgrade) {
      assert(client[kRunning] === 1)
      this.upgrade = true
      return 2
    }
    assert((this.headers.length & 1) === 0)
    this.headers = []
    this.headersSize = 0
    if (this.shouldKeepAlive && client[kPipelining]) {
      const keepAliveTimeout = this.keepAlive ? util.parseKeepAliveTimeout(this.keepAlive) : null
      if (keepAliveTimeout != null) {
        const timeout = Math.min(
          keepAliveTimeout - client[kKeepAliveTimeoutThreshold],
          client[kKeepAliveMaxTimeout]
        )
        if (timeout <= 0) {
          socket[kReset] = true
        } else {
          client[kKeepAliveTimeoutValue] = timeout
        }
      } else {
        client[kKeepAliveTimeoutValue] = client[kKeepAliveDefaultTimeout]
      }
    } else {
      socket[kReset] = true
    }
    const pause = request.onHeaders(statusCode, headers, this.resume, statusText) === false
    if (request.aborted) {
      return -1
    }
    if (request.method === 'HEAD') {
      return 1
    }
    if (statusCode < 200) {
      return 1
    }
    if (socket[kBlocking]) {
      socket[kBlocking] = false
      client[kResume]()
    }
    return pause ? constants.ERROR.PAUSED : 0
  }
  onBody (buf) {
    const { client, socket, statusCode, maxResponseSize } = this
    if (socket.destroyed) {
      return -1
    }
    const request = client[kQueue][client[kRunningIdx]]
    assert(request)
    assert(this.timeoutType === TIMEOUT_BODY)
    if (this.timeout) {
      if (this.timeout.refresh) {
        this.timeout.refresh()
      }
    }
    assert(statusCode >= 200)
    if (maxResponseSize > -1 && this.bytesRead + buf.length > maxResponseSize) {
      util.destroy(socket, new ResponseExceededMaxSizeError())
      return -1
    }
    this.bytesRead += buf.length
    if (request.onData(buf) === false) {
      return constants.ERROR.PAUSED
    }
  }
  onMessageComplete () {
    const { client, socket, statusCode, upgrade, headers, contentLength, bytesRead, shouldKeepAlive } = this
    if (socket.destroyed && (!statusCode || shouldKeepAlive)) {
      return -1
    }
    if (upgrade) {
      return
    }
    assert(statusCode >= 100)
    assert((this.headers.length & 1) === 0)
    const request = client[kQueue][client[kRunningIdx]]
    assert(request)
    this.statusCode = null
    this.statusText = ''
    this.bytesRead = 0
    this.contentLength = ''
    this.keepAlive = ''
    this.connection = ''
    this.headers = []
    this.headersSize = 0
    if (statusCode < 200) {
      return
    }
    if (request.method !== 'HEAD' && contentLength && bytesRead !== parseInt(contentLength, 10)) {
      util.destroy(socket, new ResponseContentLengthMismatchError())
      return -1
    }
    request.onComplete(headers)
    client[kQueue][client[kRunningIdx]++] = null
    socket[kSocketUsed] = true
    if (socket[kWriting]) {
      assert(client[kRunning] === 0)
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (!shouldKeepAlive) {
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (socket[kReset] && client[kRunning] === 0) {
      util.destroy(socket, new InformationalError('reset'))
      return constants.ERROR.PAUSED
    } else if (client[kPipelining] == null || client[kPipelining] === 1) {
      setImmediate(() => client[kResume]())
    } else {
      client[kResume]()
    }
  }
}
function onParserTimeout (parser) {
  const { socket, timeoutType, client, paused } = parser.deref()
  if (timeoutType === TIMEOUT_HEADERS) {
    if (!socket[kWriting] || socket.writableNeedDrain || client[kRunning] > 1) {
      assert(!paused, 'cannot be paused while waiting for headers')
      util.destroy(socket, new HeadersTimeoutError())
    }
  } else if (timeoutType === TIMEOUT_BODY) {
    if (!paused) {
      util.destroy(socket, new BodyTimeoutError())
    }
  } else if (timeoutType === TIMEOUT_KEEP_ALIVE) {
    assert(client[kRunning] === 0 && client[kKeepAliveTimeoutValue])
    util.destroy(socket, new InformationalError('socket idle timeout'))
  }
}
async function connectH1 (client, socket) {
  client[kSocket] = socket
  if (!llhttpInstance) {
    llhttpInstance = await llhttpPromise
    llhttpPromise = null
  }
  socket[kNoRef] = false
  socket[kWriting] = false
  socket[kReset] = false
  socket[kBlocking] = false
  socket[kIdleSocketValidation] = 0
  socket[kIdleSocketValidationTimeout] = null
  socket[kSocketUsed] = false
  socket[kParser] = new Parser(client, socket, llhttpInstance)
  addListener(socket, 'error', function (err) {
    const parser = this[kParser]
    if (err.code === 'ECONNRESET' && parser.statusCode && !parser.shouldKeepAlive) {
      const parserErr = parser.finish()
      if (parserErr) {
        this[kError] = parserErr
        this[kClient][kOnError](parserErr)
      }
      return
    }
    this[kError] = err
    this[kClient][kOnError](err)
  })
  addListener(socket, 'readable', function () {
    const parser = this[kParser]
    if (parser) {
      parser.readMore()
    }
  })
  addListener(socket, 'end', function () {
    const parser = this[kParser]
    if (parser.statusCode && !parser.shouldKeepAlive) {
      const parserErr = parser.finish()
      if (parserErr) {
        util.destroy(this, parserErr)
      }
      return
    }
    util.destroy(this, new SocketError('other side closed', util.getSocketInfo(this)))
  })
  addListener(socket, 'close', function () {
    const client = this[kClient]
    const parser = this[kParser]
    clearIdleSocketValidation(this)
    if (parser) {
      if (!this[kError] && parser.statusCode && !parser.shouldKeepAlive) {
        this[kError] = parser.finish() || this[kError]
      }
      this[kParser].destroy()
      this[kParser] = null
    }
    const err = this[kError] || new SocketError('closed', util.getSocketInfo(this))
    client[kSocket] = null
    client[kHTTPContext] = null
    if (client.destroyed) {
      assert(client[kPending] === 0)
      const requests = client[kQueue].splice(client[kRunningIdx])
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i]
        util.errorRequest(client, request, err)
      }
    } else if (client[kRunning] > 0 && err.code !== 'UND_ERR_INFO') {
      const request = client[kQueue][client[kRunningIdx]]
      client[kQueue][client[kRunningIdx]++] = null
      util.errorRequest(client, request, err)
    }
    client[kPendingIdx] = client[kRunningIdx]
    assert(client[kRunning] === 0)
    client.emit('disconnect', client[kUrl], [client], err)
    client[kResume]()
  })
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  return {
    version: 'h1',
    defaultPipelining: 1,
    write (...args) {
      return writeH1(client, ...args)
    },
    resume () {
      resumeH1(client)
    },
    destroy (err, callback) {
      if (closed) {
        queueMicrotask(callback)
      } else {
        socket.destroy(err).on('close', callback)
      }
    },
    get destroyed () {
      return socket.destroyed
    },
    busy (request) {
      if (socket[kWriting] || socket[kReset] || socket[kBlocking] || socket[kIdleSocketValidation] === 1) {
        return true
      }
      if (request) {
        if (client[kRunning] > 0 && !request.idempotent) {
          return true
        }
        if (client[kRunning] > 0 && (request.upgrade || request.method === 'CONNECT')) {
          return true
        }
        if (client[kRunning] > 0 && util.bodyLength(request.body) !== 0 &&
          (util.isStream(request.body) || util.isAsyncIterable(request.body) || util.isFormDataLike(request.body))) {
          return true
        }
      }
      return false
    }
  }
}
function clearIdleSocketValidation (socket) {
  if (socket[kIdleSocketValidationTimeout]) {
    clearImmediate(socket[kIdleSocketValidationTimeout])
    socket[kIdleSocketValidationTimeout] = null
  }
  socket[kIdleSocketValidation] = 0
}
function scheduleIdleSocketValidation (client, socket) {
  socket[kIdleSocketValidation] = 1
  socket[kIdleSocketValidationTimeout] = setImmediate(() => {
    socket[kIdleSocketValidationTimeout] = null
    socket[kIdleSocketValidation] = 2
    if (client[kSocket] === socket && !socket.destroyed) {
      client[kResume]()
    }
  })
}
function resumeH1 (client) {
  const socket = client[kSocket]
  if (socket && !socket.destroyed) {
    if (client[kSize] === 0) {
      if (!socket[kNoRef] && socket.unref) {
        socket.unref()
        socket[kNoRef] = true
      }
    } else if (socket[kNoRef] && socket.ref) {
      socket.ref()
      socket[kNoRef] = false
    }
    if (client[kRunning] === 0 && client[kPending] > 0 && socket[kSocketUsed]) {
      if (socket[kIdleSocketValidation] === 0) {
        scheduleIdleSocketValidation(client, socket)
        socket[kParser].readMore()
        if (socket.destroyed) {
          return
        }
        return
      }
      if (socket[kIdleSocketValidation] === 1) {
        socket[kParser].readMore()
        if (socket.destroyed) {
          return
        }
        return
      }
    }
    if (client[kRunning] === 0) {
      socket[kParser].readMore()
      if (socket.destroyed) {
        return
      }
    }
    if (client[kSize] === 0) {
      if (socket[kParser].timeoutType !== TIMEOUT_KEEP_ALIVE) {
        socket[kParser].setTimeout(client[kKeepAliveTimeoutValue], TIMEOUT_KEEP_ALIVE)
      }
    } else if (client[kRunning] > 0 && socket[kParser].statusCode < 200) {
      if (socket[kParser].timeoutType !== TIMEOUT_HEADERS) {
        const request = client[kQueue][client[kRunningIdx]]
        const headersTimeout = request.headersTimeout != null
          ? request.headersTimeout
          : client[kHeadersTimeout]
        socket[kParser].setTimeout(headersTimeout, TIMEOUT_HEADERS)
      }
    }
  }
}
function shouldSendContentLength (method) {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && method !== 'TRACE' && method !== 'CONNECT'
}
function writeH1 (client, request) {
  const { method, path, host, upgrade, blocking, reset } = request
  let { body, headers, contentLength } = request
  const expectsPayload = (
    method === 'PUT' ||
    method === 'POST' ||
    method === 'PATCH' ||
    method === 'QUERY' ||
    method === 'PROPFIND' ||
    method === 'PROPPATCH'
  )
  if (util.isFormDataLike(body)) {
    if (!extractBody) {
      extractBody = (__nccwpck_require__(4492)  .i)
    }
    const [bodyStream, contentType] = extractBody(body)
    if (request.contentType == null) {
      headers.push('content-type', contentType)
    }
    body = bodyStream.stream
    contentLength = bodyStream.length
  } else if (util.isBlobLike(body) && request.contentType == null) {
    const contentType = body.type
    if (contentType) {
      const contentTypeValue = `${contentType}`
      if (!util.isValidHeaderValue(contentTypeValue)) {
        util.errorRequest(client, request, new InvalidArgumentError('invalid content-type header'))
        return false
      }
      headers.push('content-type', contentTypeValue)
    }
  }
  if (body && typeof body.read === 'function') {
    body.read(0)
  }
  const bodyLength = util.bodyLength(body)
  contentLength = bodyLength ?? contentLength
  if (contentLength === null) {
    contentLength = request.contentLength
  }
  if (contentLength === 0 && !expectsPayload) {
    contentLength = null
  }
  if (shouldSendContentLength(method) && contentLength > 0 && request.contentLength !== null && request.contentLength !== contentLength) {
    if (client[kStrictContentLength]) {
      util.errorRequest(client, request, new RequestContentLengthMismatchError())
      return false
    }
    process.emitWarning(new RequestContentLengthMismatchError())
  }
  const socket = client[kSocket]
  clearIdleSocketValidation(socket)
  const abort = (error) => {
    if (request.aborted) {
      return
    }
    if (request.completed) {
      if (request.upgrade || request.method === 'CONNECT') {
        util.destroy(socket, new InformationalError('aborted'))
      }
      return
    }
    util.errorRequest(client, request, error || new RequestAbortedError())
    util.destroy(body)
    util.destroy(socket, new InformationalError('aborted'))
  }
  try {
    request.onConnect(abort)
  } catch (err) {
    util.errorRequest(client, request, err)
  }
  if (request.aborted) {
    return false
  }
  if (method === 'HEAD') {
    socket[kReset] = true
  }
  if (upgrade || method === 'CONNECT') {
    socket[kReset] = true
  }
  if (reset != null) {
    socket[kReset] = reset
  }
  if (client[kMaxRequests] && socket[kCounter]++ >= client[kMaxRequests]) {
    socket[kReset] = true
  }
  if (blocking) {
    socket[kBlocking] = true
  }
  let header = `${method} ${path} HTTP/1.1\r\n`
  if (typeof host === 'string') {
    header += `host: ${host}\r\n`
  } else {
    header += client[kHostHeader]
  }
  if (upgrade) {
    header += `connection: upgrade\r\nupgrade: ${upgrade}\r\n`
  } else if (client[kPipelining] && !socket[kReset]) {
    header += 'connection: keep-alive\r\n'
  } else {
    header += 'connection: close\r\n'
  }
  if (Array.isArray(headers)) {
    for (let n = 0; n < headers.length; n += 2) {
      const key = headers[n + 0]
      const val = headers[n + 1]
      if (Array.isArray(val)) {
        for (let i = 0; i < val.length; i++) {
          header += `${key}: ${val[i]}\r\n`
        }
      } else {
        header += `${key}: ${val}\r\n`
      }
    }
  }
  if (channels.sendHeaders.hasSubscribers) {
    channels.sendHeaders.publish({ request, headers: header, socket })
  }
  if (!body || bodyLength === 0) {
    writeBuffer(abort, null, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isBuffer(body)) {
    writeBuffer(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isBlobLike(body)) {
    if (typeof body.stream === 'function') {
      writeIterable(abort, body.stream(), client, request, socket, contentLength, header, expectsPayload)
    } else {
      writeBlob(abort, body, client, request, socket, contentLength, header, expectsPayload)
    }
  } else if (util.isStream(body)) {
    writeStream(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else if (util.isIterable(body)) {
    writeIterable(abort, body, client, request, socket, contentLength, header, expectsPayload)
  } else {
    assert(false)
  }
  return true
}
function writeStream (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'stream body cannot be pipelined')
  let finished = false
  const writer = new AsyncWriter({ abort, socket, request, contentLength, client, expectsPayload, header })
  const onData = function (chunk) {
    if (finished) {
      return
    }
    try {
      if (!writer.write(chunk) && this.pause) {
        this.pause()
      }
    } catch (err) {
      util.destroy(this, err)
    }
  }
  const onDrain = function () {
    if (finished) {
      return
    }
    if (body.resume) {
      body.resume()
    }
  }
  const onClose = function () {
    queueMicrotask(() => {
      body.removeListener('error', onFinished)
    })
    if (!finished) {
      const err = new RequestAbortedError()
      queueMicrotask(() => onFinished(err))
    }
  }
  const onFinished = function (err) {
    if (finished) {
      return
    }
    finished = true
    assert(socket.destroyed || (socket[kWriting] && client[kRunning] <= 1))
    socket
      .off('drain', onDrain)
      .off('error', onFinished)
    body
      .removeListener('data', onData)
      .removeListener('end', onFinished)
      .removeListener('close', onClose)
    if (!err) {
      try {
        writer.end()
      } catch (er) {
        err = er
      }
    }
    writer.destroy(err)
    if (err && (err.code !== 'UND_ERR_INFO' || err.message !== 'reset')) {
      util.destroy(body, err)
    } else {
      util.destroy(body)
    }
  }
  body
    .on('data', onData)
    .on('end', onFinished)
    .on('error', onFinished)
    .on('close', onClose)
  if (body.resume) {
    body.resume()
  }
  socket
    .on('drain', onDrain)
    .on('error', onFinished)
  if (body.errorEmitted ?? body.errored) {
    setImmediate(() => onFinished(body.errored))
  } else if (body.endEmitted ?? body.readableEnded) {
    setImmediate(() => onFinished(null))
  }
  if (body.closeEmitted ?? body.closed) {
    setImmediate(onClose)
  }
}
function writeBuffer (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  try {
    if (!body) {
      if (contentLength === 0) {
        socket.write(`${header}content-length: 0\r\n\r\n`, 'latin1')
      } else {
        assert(contentLength === null, 'no body must not have content length')
        socket.write(`${header}\r\n`, 'latin1')
      }
    } else if (util.isBuffer(body)) {
      assert(contentLength === body.byteLength, 'buffer body must have content length')
      socket.cork()
      socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
      socket.write(body)
      socket.uncork()
      request.onBodySent(body)
      if (!expectsPayload && request.reset !== false) {
        socket[kReset] = true
      }
    }
    request.onRequestSent()
    client[kResume]()
  } catch (err) {
    abort(err)
  }
}
async function writeBlob (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength === body.size, 'blob body must have content length')
  try {
    if (contentLength != null && contentLength !== body.size) {
      throw new RequestContentLengthMismatchError()
    }
    const buffer = Buffer.from(await body.arrayBuffer())
    socket.cork()
    socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
    socket.write(buffer)
    socket.uncork()
    request.onBodySent(buffer)
    request.onRequestSent()
    if (!expectsPayload && request.reset !== false) {
      socket[kReset] = true
    }
    client[kResume]()
  } catch (err) {
    abort(err)
  }
}
async function writeIterable (abort, body, client, request, socket, contentLength, header, expectsPayload) {
  assert(contentLength !== 0 || client[kRunning] === 0, 'iterator body cannot be pipelined')
  let callback = null
  function onDrain () {
    if (callback) {
      const cb = callback
      callback = null
      cb()
    }
  }
  const waitForDrain = () => new Promise((resolve, reject) => {
    assert(callback === null)
    if (socket[kError]) {
      reject(socket[kError])
    } else {
      callback = resolve
    }
  })
  socket
    .on('close', onDrain)
    .on('drain', onDrain)
  const writer = new AsyncWriter({ abort, socket, request, contentLength, client, expectsPayload, header })
  try {
    for await (const chunk of body) {
      if (socket[kError]) {
        throw socket[kError]
      }
      if (!writer.write(chunk)) {
        await waitForDrain()
      }
    }
    writer.end()
  } catch (err) {
    writer.destroy(err)
  } finally {
    socket
      .off('close', onDrain)
      .off('drain', onDrain)
  }
}
class AsyncWriter {
  constructor ({ abort, socket, request, contentLength, client, expectsPayload, header }) {
    this.socket = socket
    this.request = request
    this.contentLength = contentLength
    this.client = client
    this.bytesWritten = 0
    this.expectsPayload = expectsPayload
    this.header = header
    this.abort = abort
    socket[kWriting] = true
  }
  write (chunk) {
    const { socket, request, contentLength, client, bytesWritten, expectsPayload, header } = this
    if (socket[kError]) {
      throw socket[kError]
    }
    if (socket.destroyed) {
      return false
    }
    const len = Buffer.byteLength(chunk)
    if (!len) {
      return true
    }
    if (contentLength !== null && bytesWritten + len > contentLength) {
      if (client[kStrictContentLength]) {
        throw new RequestContentLengthMismatchError()
      }
      process.emitWarning(new RequestContentLengthMismatchError())
    }
    socket.cork()
    if (bytesWritten === 0) {
      if (!expectsPayload && request.reset !== false) {
        socket[kReset] = true
      }
      if (contentLength === null) {
        socket.write(`${header}transfer-encoding: chunked\r\n`, 'latin1')
      } else {
        socket.write(`${header}content-length: ${contentLength}\r\n\r\n`, 'latin1')
      }
    }
    if (contentLength === null) {
      socket.write(`\r\n${len.toString(16)}\r\n`, 'latin1')
    }
    this.bytesWritten += len
    const ret = socket.write(chunk)
    socket.uncork()
    request.onBodySent(chunk)
    if (!ret) {
      if (socket[kParser].timeout && socket[kParser].timeoutType === TIMEOUT_HEADERS) {
        if (socket[kParser].timeout.refresh) {
          socket[kParser].timeout.refresh()
        }
      }
    }
    return ret
  }
  end () {
    const { socket, contentLength, client, bytesWritten, expectsPayload, header, request } = this
    request.onRequestSent()
    socket[kWriting] = false
    if (socket[kError]) {
      throw socket[kError]
    }
    if (socket.destroyed) {
      return
    }
    if (bytesWritten === 0) {
      if (expectsPayload) {
        socket.write(`${header}content-length: 0\r\n\r\n`, 'latin1')
      } else {
        socket.write(`${header}\r\n`, 'latin1')
      }
    } else if (contentLength === null) {
      socket.write('\r\n0\r\n\r\n', 'latin1')
    }
    if (contentLength !== null && bytesWritten !== contentLength) {
      if (client[kStrictContentLength]) {
        throw new RequestContentLengthMismatchError()
      } else {
        process.emitWarning(new RequestContentLengthMismatchError())
      }
    }
    if (socket[kParser].timeout && socket[kParser].timeoutType === TIMEOUT_HEADERS) {
      if (socket[kParser].timeout.refresh) {
        socket[kParser].timeout.refresh()
      }
    }
    client[kResume]()
  }
  destroy (err) {
    const { socket, client, abort } = this
    socket[kWriting] = false
    if (err) {
      assert(client[kRunning] <= 1, 'pipeline should only contain this request')
      abort(err)
    }
  }
}
module.exports = connectH1
  }),
  8788:
  ((module) => {
module.exports = () => {
  throw new Error('HTTP/2 is not part of this bundle (scripts/bundle/replace.ts)')
}
  }),
  3701:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const assert = __nccwpck_require__(4589)
const net = __nccwpck_require__(7030)
const http = __nccwpck_require__(7067)
const util = __nccwpck_require__(3440)
const { channels } = __nccwpck_require__(2414)
const Request = __nccwpck_require__(4655)
const DispatcherBase = __nccwpck_require__(1841)
const {
  InvalidArgumentError,
  InformationalError,
  ClientDestroyedError
} = __nccwpck_require__(8707)
const buildConnector = __nccwpck_require__(9136)
const {
  kUrl,
  kServerName,
  kClient,
  kBusy,
  kConnect,
  kResuming,
  kRunning,
  kPending,
  kSize,
  kQueue,
  kConnected,
  kConnecting,
  kNeedDrain,
  kKeepAliveDefaultTimeout,
  kHostHeader,
  kPendingIdx,
  kRunningIdx,
  kError,
  kPipelining,
  kKeepAliveTimeoutValue,
  kMaxHeadersSize,
  kKeepAliveMaxTimeout,
  kKeepAliveTimeoutThreshold,
  kHeadersTimeout,
  kBodyTimeout,
  kStrictContentLength,
  kConnector,
  kMaxRedirections,
  kMaxRequests,
  kCounter,
  kClose,
  kDestroy,
  kDispatch,
  kInterceptors,
  kLocalAddress,
  kMaxResponseSize,
  kOnError,
  kHTTPContext,
  kMaxConcurrentStreams,
  kResume
} = __nccwpck_require__(6443)
const connectH1 = __nccwpck_require__(637)
const connectH2 = __nccwpck_require__(8788)
let deprecatedInterceptorWarned = false
const kClosedResolve = Symbol('kClosedResolve')
const noop = () => {}
function getPipelining (client) {
  return client[kPipelining] ?? client[kHTTPContext]?.defaultPipelining ?? 1
}
class Client extends DispatcherBase {
  constructor (url, {
    interceptors,
    maxHeaderSize,
    headersTimeout,
    socketTimeout,
    requestTimeout,
    connectTimeout,
    bodyTimeout,
    idleTimeout,
    keepAlive,
    keepAliveTimeout,
    maxKeepAliveTimeout,
    keepAliveMaxTimeout,
    keepAliveTimeoutThreshold,
    socketPath,
    pipelining,
    tls,
    strictContentLength,
    maxCachedSessions,
    maxRedirections,
    connect,
    maxRequestsPerClient,
    localAddress,
    maxResponseSize,
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    maxConcurrentStreams,
    allowH2,
    webSocket,
    eventSource
  } = {}) {
    super({ webSocket, eventSource })
    if (keepAlive !== undefined) {
      throw new InvalidArgumentError('unsupported keepAlive, use pipelining=0 instead')
    }
    if (socketTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported socketTimeout, use headersTimeout & bodyTimeout instead')
    }
    if (requestTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported requestTimeout, use headersTimeout & bodyTimeout instead')
    }
    if (idleTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported idleTimeout, use keepAliveTimeout instead')
    }
    if (maxKeepAliveTimeout !== undefined) {
      throw new InvalidArgumentError('unsupported maxKeepAliveTimeout, use keepAliveMaxTimeout instead')
    }
    if (maxHeaderSize != null && !Number.isFinite(maxHeaderSize)) {
      throw new InvalidArgumentError('invalid maxHeaderSize')
    }
    if (socketPath != null && typeof socketPath !== 'string') {
      throw new InvalidArgumentError('invalid socketPath')
    }
    if (connectTimeout != null && (!Number.isFinite(connectTimeout) || connectTimeout < 0)) {
      throw new InvalidArgumentError('invalid connectTimeout')
    }
    if (keepAliveTimeout != null && (!Number.isFinite(keepAliveTimeout) || keepAliveTimeout <= 0)) {
      throw new InvalidArgumentError('invalid keepAliveTimeout')
    }
    if (keepAliveMaxTimeout != null && (!Number.isFinite(keepAliveMaxTimeout) || keepAliveMaxTimeout <= 0)) {
      throw new InvalidArgumentError('invalid keepAliveMaxTimeout')
    }
    if (keepAliveTimeoutThreshold != null && !Number.isFinite(keepAliveTimeoutThreshold)) {
      throw new InvalidArgumentError('invalid keepAliveTimeoutThreshold')
    }
    if (headersTimeout != null && (!Number.isInteger(headersTimeout) || headersTimeout < 0)) {
      throw new InvalidArgumentError('headersTimeout must be a positive integer or zero')
    }
    if (bodyTimeout != null && (!Number.isInteger(bodyTimeout) || bodyTimeout < 0)) {
      throw new InvalidArgumentError('bodyTimeout must be a positive integer or zero')
    }
    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }
    if (maxRedirections != null && (!Number.isInteger(maxRedirections) || maxRedirections < 0)) {
      throw new InvalidArgumentError('maxRedirections must be a positive number')
    }
    if (maxRequestsPerClient != null && (!Number.isInteger(maxRequestsPerClient) || maxRequestsPerClient < 0)) {
      throw new InvalidArgumentError('maxRequestsPerClient must be a positive number')
    }
    if (localAddress != null && (typeof localAddress !== 'string' || net.isIP(localAddress) === 0)) {
      throw new InvalidArgumentError('localAddress must be valid string IP address')
    }
    if (maxResponseSize != null && (!Number.isInteger(maxResponseSize) || maxResponseSize < -1)) {
      throw new InvalidArgumentError('maxResponseSize must be a positive number')
    }
    if (
      autoSelectFamilyAttemptTimeout != null &&
      (!Number.isInteger(autoSelectFamilyAttemptTimeout) || autoSelectFamilyAttemptTimeout < -1)
    ) {
      throw new InvalidArgumentError('autoSelectFamilyAttemptTimeout must be a positive number')
    }
    if (allowH2 != null && typeof allowH2 !== 'boolean') {
      throw new InvalidArgumentError('allowH2 must be a valid boolean value')
    }
    if (maxConcurrentStreams != null && (typeof maxConcurrentStreams !== 'number' || maxConcurrentStreams < 1)) {
      throw new InvalidArgumentError('maxConcurrentStreams must be a positive integer, greater than 0')
    }
    if (typeof connect !== 'function') {
      connect = buildConnector({
        ...tls,
        maxCachedSessions,
        allowH2,
        socketPath,
        timeout: connectTimeout,
        ...(autoSelectFamily ? { autoSelectFamily, autoSelectFamilyAttemptTimeout } : undefined),
        ...connect
      })
    }
    if (interceptors?.Client && Array.isArray(interceptors.Client)) {
      this[kInterceptors] = interceptors.Client
      if (!deprecatedInterceptorWarned) {
        deprecatedInterceptorWarned = true
        process.emitWarning('Client.Options#interceptor is deprecated. Use Dispatcher#compose instead.', {
          code: 'UNDICI-CLIENT-INTERCEPTOR-DEPRECATED'
        })
      }
    } else {
      this[kInterceptors] = [createRedirectInterceptor({ maxRedirections })]
    }
    this[kUrl] = util.parseOrigin(url)
    this[kConnector] = connect
    this[kPipelining] = pipelining != null ? pipelining : 1
    this[kMaxHeadersSize] = maxHeaderSize || http.maxHeaderSize
    this[kKeepAliveDefaultTimeout] = keepAliveTimeout == null ? 4e3 : keepAliveTimeout
    this[kKeepAliveMaxTimeout] = keepAliveMaxTimeout == null ? 600e3 : keepAliveMaxTimeout
    this[kKeepAliveTimeoutThreshold] = keepAliveTimeoutThreshold == null ? 2e3 : keepAliveTimeoutThreshold
    this[kKeepAliveTimeoutValue] = this[kKeepAliveDefaultTimeout]
    this[kServerName] = null
    this[kLocalAddress] = localAddress != null ? localAddress : null
    this[kResuming] = 0
    this[kNeedDrain] = 0
    this[kHostHeader] = `host: ${this[kUrl].hostname}${this[kUrl].port ? `:${this[kUrl].port}` : ''}\r\n`
    this[kBodyTimeout] = bodyTimeout != null ? bodyTimeout : 300e3
    this[kHeadersTimeout] = headersTimeout != null ? headersTimeout : 300e3
    this[kStrictContentLength] = strictContentLength == null ? true : strictContentLength
    this[kMaxRedirections] = maxRedirections
    this[kMaxRequests] = maxRequestsPerClient
    this[kClosedResolve] = null
    this[kMaxResponseSize] = maxResponseSize > -1 ? maxResponseSize : -1
    this[kMaxConcurrentStreams] = maxConcurrentStreams != null ? maxConcurrentStreams : 100
    this[kHTTPContext] = null
    this[kQueue] = []
    this[kRunningIdx] = 0
    this[kPendingIdx] = 0
    this[kResume] = (sync) => resume(this, sync)
    this[kOnError] = (err) => onError(this, err)
  }
  get pipelining () {
    return this[kPipelining]
  }
  set pipelining (value) {
    this[kPipelining] = value
    this[kResume](true)
  }
  get [kPending] () {
    return this[kQueue].length - this[kPendingIdx]
  }
  get [kRunning] () {
    return this[kPendingIdx] - this[kRunningIdx]
  }
  get [kSize] () {
    return this[kQueue].length - this[kRunningIdx]
  }
  get [kConnected] () {
    return !!this[kHTTPContext] && !this[kConnecting] && !this[kHTTPContext].destroyed
  }
  get [kBusy] () {
    return Boolean(
      this[kHTTPContext]?.busy(null) ||
      (this[kSize] >= (getPipelining(this) || 1)) ||
      this[kPending] > 0
    )
  }
  [kConnect] (cb) {
    connect(this)
    this.once('connect', cb)
  }
  [kDispatch] (opts, handler) {
    const origin = opts.origin || this[kUrl].origin
    const request = new Request(origin, opts, handler)
    this[kQueue].push(request)
    if (this[kResuming]) {
    } else if (util.bodyLength(request.body) == null && util.isIterable(request.body)) {
      this[kResuming] = 1
      queueMicrotask(() => resume(this))
    } else {
      this[kResume](true)
    }
    if (this[kResuming] && this[kNeedDrain] !== 2 && this[kBusy]) {
      this[kNeedDrain] = 2
    }
    return this[kNeedDrain] < 2
  }
  async [kClose] () {
    return new Promise((resolve) => {
      if (this[kSize]) {
        this[kClosedResolve] = resolve
      } else {
        resolve(null)
      }
    })
  }
  async [kDestroy] (err) {
    return new Promise((resolve) => {
      const requests = this[kQueue].splice(this[kPendingIdx])
      for (let i = 0; i < requests.length; i++) {
        const request = requests[i]
        util.errorRequest(this, request, err)
      }
      const callback = () => {
        if (this[kClosedResolve]) {
          this[kClosedResolve]()
          this[kClosedResolve] = null
        }
        resolve(null)
      }
      if (this[kHTTPContext]) {
        this[kHTTPContext].destroy(err, callback)
        this[kHTTPContext] = null
      } else {
        queueMicrotask(callback)
      }
      this[kResume]()
    })
  }
}
const createRedirectInterceptor = __nccwpck_require__(5092)
function onError (client, err) {
  if (
    client[kRunning] === 0 &&
    err.code !== 'UND_ERR_INFO' &&
    err.code !== 'UND_ERR_SOCKET'
  ) {
    assert(client[kPendingIdx] === client[kRunningIdx])
    const requests = client[kQueue].splice(client[kRunningIdx])
    for (let i = 0; i < requests.length; i++) {
      const request = requests[i]
      util.errorRequest(client, request, err)
    }
    assert(client[kSize] === 0)
  }
}
async function connect (client) {
  assert(!client[kConnecting])
  assert(!client[kHTTPContext])
  let { host, hostname, protocol, port } = client[kUrl]
  if (hostname[0] === '[') {
    const idx = hostname.indexOf(']')
    assert(idx !== -1)
    const ip = hostname.substring(1, idx)
    assert(net.isIP(ip))
    hostname = ip
  }
  client[kConnecting] = true
  if (channels.beforeConnect.hasSubscribers) {
    channels.beforeConnect.publish({
      connectParams: {
        host,
        hostname,
        protocol,
        port,
        version: client[kHTTPContext]?.version,
        servername: client[kServerName],
        localAddress: client[kLocalAddress]
      },
      connector: client[kConnector]
    })
  }
  try {
    const socket = await new Promise((resolve, reject) => {
      client[kConnector]({
        host,
        hostname,
        protocol,
        port,
        servername: client[kServerName],
        localAddress: client[kLocalAddress]
      }, (err, socket) => {
        if (err) {
          reject(err)
        } else {
          resolve(socket)
        }
      })
    })
    if (client.destroyed) {
      util.destroy(socket.on('error', noop), new ClientDestroyedError())
      return
    }
    assert(socket)
    try {
      client[kHTTPContext] = socket.alpnProtocol === 'h2'
        ? await connectH2(client, socket)
        : await connectH1(client, socket)
    } catch (err) {
      socket.destroy().on('error', noop)
      throw err
    }
    client[kConnecting] = false
    socket[kCounter] = 0
    socket[kMaxRequests] = client[kMaxRequests]
    socket[kClient] = client
    socket[kError] = null
    if (channels.connected.hasSubscribers) {
      channels.connected.publish({
        connectParams: {
          host,
          hostname,
          protocol,
          port,
          version: client[kHTTPContext]?.version,
          servername: client[kServerName],
          localAddress: client[kLocalAddress]
        },
        connector: client[kConnector],
        socket
      })
    }
    client.emit('connect', client[kUrl], [client])
  } catch (err) {
    if (client.destroyed) {
      return
    }
    client[kConnecting] = false
    if (channels.connectError.hasSubscribers) {
      channels.connectError.publish({
        connectParams: {
          host,
          hostname,
          protocol,
          port,
          version: client[kHTTPContext]?.version,
          servername: client[kServerName],
          localAddress: client[kLocalAddress]
        },
        connector: client[kConnector],
        error: err
      })
    }
    if (err.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
      assert(client[kRunning] === 0)
      while (client[kPending] > 0 && client[kQueue][client[kPendingIdx]].servername === client[kServerName]) {
        const request = client[kQueue][client[kPendingIdx]++]
        util.errorRequest(client, request, err)
      }
    } else {
      onError(client, err)
    }
    client.emit('connectionError', client[kUrl], [client], err)
  }
  client[kResume]()
}
function emitDrain (client) {
  client[kNeedDrain] = 0
  client.emit('drain', client[kUrl], [client])
}
function resume (client, sync) {
  if (client[kResuming] === 2) {
    return
  }
  client[kResuming] = 2
  _resume(client, sync)
  client[kResuming] = 0
  if (client[kRunningIdx] > 256) {
    client[kQueue].splice(0, client[kRunningIdx])
    client[kPendingIdx] -= client[kRunningIdx]
    client[kRunningIdx] = 0
  }
}
function _resume (client, sync) {
  while (true) {
    if (client.destroyed) {
      assert(client[kPending] === 0)
      return
    }
    if (client[kClosedResolve] && !client[kSize]) {
      client[kClosedResolve]()
      client[kClosedResolve] = null
      return
    }
    if (client[kHTTPContext]) {
      client[kHTTPContext].resume()
    }
    if (client[kBusy]) {
      client[kNeedDrain] = 2
    } else if (client[kNeedDrain] === 2) {
      if (sync) {
        client[kNeedDrain] = 1
        queueMicrotask(() => emitDrain(client))
      } else {
        emitDrain(client)
      }
      continue
    }
    if (client[kPending] === 0) {
      return
    }
    if (client[kRunning] >= (getPipelining(client) || 1)) {
      return
    }
    const request = client[kQueue][client[kPendingIdx]]
    if (client[kUrl].protocol === 'https:' && client[kServerName] !== request.servername) {
      if (client[kRunning] > 0) {
        return
      }
      client[kServerName] = request.servername
      client[kHTTPContext]?.destroy(new InformationalError('servername changed'), () => {
        client[kHTTPContext] = null
        resume(client)
      })
    }
    if (client[kConnecting]) {
      return
    }
    if (!client[kHTTPContext]) {
      connect(client)
      return
    }
    if (client[kHTTPContext].destroyed) {
      return
    }
    if (client[kHTTPContext].busy(request)) {
      return
    }
    if (!request.aborted && client[kHTTPContext].write(request)) {
      client[kPendingIdx]++
    } else {
      client[kQueue].splice(client[kPendingIdx], 1)
    }
  }
}
module.exports = Client
  }),
  1841:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const buffer = __nccwpck_require__(4573)
const Dispatcher = __nccwpck_require__(883)
const {
  ClientDestroyedError,
  ClientClosedError,
  InvalidArgumentError
} = __nccwpck_require__(8707)
const { kDestroy, kClose, kClosed, kDestroyed, kDispatch, kInterceptors } = __nccwpck_require__(6443)
const kOnDestroyed = Symbol('onDestroyed')
const kOnClosed = Symbol('onClosed')
const kInterceptedDispatch = Symbol('Intercepted Dispatch')
const kWebSocketOptions = Symbol('webSocketOptions')
const kEventSourceOptions = Symbol('eventSourceOptions')
class DispatcherBase extends Dispatcher {
  constructor (opts) {
    super()
    this[kDestroyed] = false
    this[kOnDestroyed] = null
    this[kClosed] = false
    this[kOnClosed] = []
    this[kWebSocketOptions] = opts?.webSocket ?? {}
    this[kEventSourceOptions] = opts?.eventSource ?? {}
  }
  get webSocketOptions () {
    return {
      maxFragments: this[kWebSocketOptions].maxFragments ?? 131072,
      maxPayloadSize: this[kWebSocketOptions].maxPayloadSize ?? 128 * 1024 * 1024
    }
  }
  get eventSourceOptions () {
    return {
      maxEventSize: this[kEventSourceOptions].maxEventSize ?? buffer.kStringMaxLength
    }
  }
  get destroyed () {
    return this[kDestroyed]
  }
  get closed () {
    return this[kClosed]
  }
  get interceptors () {
    return this[kInterceptors]
  }
  set interceptors (newInterceptors) {
    if (newInterceptors) {
      for (let i = newInterceptors.length - 1; i >= 0; i--) {
        const interceptor = this[kInterceptors][i]
        if (typeof interceptor !== 'function') {
          throw new InvalidArgumentError('interceptor must be an function')
        }
      }
    }
    this[kInterceptors] = newInterceptors
  }
  close (callback) {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.close((err, data) => {
          return err ? reject(err) : resolve(data)
        })
      })
    }
    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('invalid callback')
    }
    if (this[kDestroyed]) {
      queueMicrotask(() => callback(new ClientDestroyedError(), null))
      return
    }
    if (this[kClosed]) {
      if (this[kOnClosed]) {
        this[kOnClosed].push(callback)
      } else {
        queueMicrotask(() => callback(null, null))
      }
      return
    }
    this[kClosed] = true
    this[kOnClosed].push(callback)
    const onClosed = () => {
      const callbacks = this[kOnClosed]
      this[kOnClosed] = null
      for (let i = 0; i < callbacks.length; i++) {
        callbacks[i](null, null)
      }
    }
    this[kClose]()
      .then(() => this.destroy())
      .then(() => {
        queueMicrotask(onClosed)
      })
  }
  destroy (err, callback) {
    if (typeof err === 'function') {
      callback = err
      err = null
    }
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.destroy(err, (err, data) => {
          return err ?   reject(err) : resolve(data)
        })
      })
    }
    if (typeof callback !== 'function') {
      throw new InvalidArgumentError('invalid callback')
    }
    if (this[kDestroyed]) {
      if (this[kOnDestroyed]) {
        this[kOnDestroyed].push(callback)
      } else {
        queueMicrotask(() => callback(null, null))
      }
      return
    }
    if (!err) {
      err = new ClientDestroyedError()
    }
    this[kDestroyed] = true
    this[kOnDestroyed] = this[kOnDestroyed] || []
    this[kOnDestroyed].push(callback)
    const onDestroyed = () => {
      const callbacks = this[kOnDestroyed]
      this[kOnDestroyed] = null
      for (let i = 0; i < callbacks.length; i++) {
        callbacks[i](null, null)
      }
    }
    this[kDestroy](err).then(() => {
      queueMicrotask(onDestroyed)
    })
  }
  [kInterceptedDispatch] (opts, handler) {
    if (!this[kInterceptors] || this[kInterceptors].length === 0) {
      this[kInterceptedDispatch] = this[kDispatch]
      return this[kDispatch](opts, handler)
    }
    let dispatch = this[kDispatch].bind(this)
    for (let i = this[kInterceptors].length - 1; i >= 0; i--) {
      dispatch = this[kInterceptors][i](dispatch)
    }
    this[kInterceptedDispatch] = dispatch
    return dispatch(opts, handler)
  }
  dispatch (opts, handler) {
    if (!handler || typeof handler !== 'object') {
      throw new InvalidArgumentError('handler must be an object')
    }
    try {
      if (!opts || typeof opts !== 'object') {
        throw new InvalidArgumentError('opts must be an object.')
      }
      if (this[kDestroyed] || this[kOnDestroyed]) {
        throw new ClientDestroyedError()
      }
      if (this[kClosed]) {
        throw new ClientClosedError()
      }
      return this[kInterceptedDispatch](opts, handler)
    } catch (err) {
      if (typeof handler.onError !== 'function') {
        throw new InvalidArgumentError('invalid onError method')
      }
      handler.onError(err)
      return false
    }
  }
}
module.exports = DispatcherBase
  }),
  883:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const EventEmitter = __nccwpck_require__(8474)
class Dispatcher extends EventEmitter {
  dispatch () {
    throw new Error('not implemented')
  }
  close () {
    throw new Error('not implemented')
  }
  destroy () {
    throw new Error('not implemented')
  }
  compose (...args) {
    const interceptors = Array.isArray(args[0]) ? args[0] : args
    let dispatch = this.dispatch.bind(this)
    for (const interceptor of interceptors) {
      if (interceptor == null) {
        continue
      }
      if (typeof interceptor !== 'function') {
        throw new TypeError(`invalid interceptor, expected function received ${typeof interceptor}`)
      }
      dispatch = interceptor(dispatch)
      if (dispatch == null || typeof dispatch !== 'function' || dispatch.length !== 2) {
        throw new TypeError('invalid interceptor')
      }
    }
    return new ComposedDispatcher(this, dispatch)
  }
}
class ComposedDispatcher extends Dispatcher {
  #dispatcher = null
  #dispatch = null
  constructor (dispatcher, dispatch) {
    super()
    this.#dispatcher = dispatcher
    this.#dispatch = dispatch
  }
  dispatch (...args) {
    this.#dispatch(...args)
  }
  close (...args) {
    return this.#dispatcher.close(...args)
  }
  destroy (...args) {
    return this.#dispatcher.destroy(...args)
  }
}
module.exports = Dispatcher
  }),
  4660:
  ((module) => {
const kSize = 2048;
const kMask = kSize - 1;
class FixedCircularBuffer {
  constructor() {
    this.bottom = 0;
    this.top = 0;
    this.list = new Array(kSize);
    this.next = null;
  }
  isEmpty() {
    return this.top === this.bottom;
  }
  isFull() {
    return ((this.top + 1) & kMask) === this.bottom;
  }
  push(data) {
    this.list[this.top] = data;
    this.top = (this.top + 1) & kMask;
  }
  shift() {
    const nextItem = this.list[this.bottom];
    if (nextItem === undefined)
      return null;
    this.list[this.bottom] = undefined;
    this.bottom = (this.bottom + 1) & kMask;
    return nextItem;
  }
}
module.exports = class FixedQueue {
  constructor() {
    this.head = this.tail = new FixedCircularBuffer();
  }
  isEmpty() {
    return this.head.isEmpty();
  }
  push(data) {
    if (this.head.isFull()) {
      this.head = this.head.next = new FixedCircularBuffer();
    }
    this.head.push(data);
  }
  shift() {
    const tail = this.tail;
    const next = tail.shift();
    if (tail.isEmpty() && tail.next !== null) {
      this.tail = tail.next;
    }
    return next;
  }
};
  }),
  2128:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const DispatcherBase = __nccwpck_require__(1841)
const FixedQueue = __nccwpck_require__(4660)
const { kConnected, kSize, kRunning, kPending, kQueued, kBusy, kFree, kUrl, kClose, kDestroy, kDispatch } = __nccwpck_require__(6443)
const PoolStats = __nccwpck_require__(3246)
const kClients = Symbol('clients')
const kNeedDrain = Symbol('needDrain')
const kQueue = Symbol('queue')
const kClosedResolve = Symbol('closed resolve')
const kOnDrain = Symbol('onDrain')
const kOnConnect = Symbol('onConnect')
const kOnDisconnect = Symbol('onDisconnect')
const kOnConnectionError = Symbol('onConnectionError')
const kGetDispatcher = Symbol('get dispatcher')
const kAddClient = Symbol('add client')
const kRemoveClient = Symbol('remove client')
const kStats = Symbol('stats')
class PoolBase extends DispatcherBase {
  constructor (opts) {
    super(opts)
    this[kQueue] = new FixedQueue()
    this[kClients] = []
    this[kQueued] = 0
    const pool = this
    this[kOnDrain] = function onDrain (origin, targets) {
      const queue = pool[kQueue]
      let needDrain = false
      while (!needDrain) {
        const item = queue.shift()
        if (!item) {
          break
        }
        pool[kQueued]--
        needDrain = !this.dispatch(item.opts, item.handler)
      }
      this[kNeedDrain] = needDrain
      if (!this[kNeedDrain] && pool[kNeedDrain]) {
        pool[kNeedDrain] = false
        pool.emit('drain', origin, [pool, ...targets])
      }
      if (pool[kClosedResolve] && queue.isEmpty()) {
        Promise
          .all(pool[kClients].map(c => c.close()))
          .then(pool[kClosedResolve])
      }
    }
    this[kOnConnect] = (origin, targets) => {
      pool.emit('connect', origin, [pool, ...targets])
    }
    this[kOnDisconnect] = (origin, targets, err) => {
      pool.emit('disconnect', origin, [pool, ...targets], err)
    }
    this[kOnConnectionError] = (origin, targets, err) => {
      pool.emit('connectionError', origin, [pool, ...targets], err)
    }
    this[kStats] = new PoolStats(this)
  }
  get [kBusy] () {
    return this[kNeedDrain]
  }
  get [kConnected] () {
    return this[kClients].filter(client => client[kConnected]).length
  }
  get [kFree] () {
    return this[kClients].filter(client => client[kConnected] && !client[kNeedDrain]).length
  }
  get [kPending] () {
    let ret = this[kQueued]
    for (const { [kPending]: pending } of this[kClients]) {
      ret += pending
    }
    return ret
  }
  get [kRunning] () {
    let ret = 0
    for (const { [kRunning]: running } of this[kClients]) {
      ret += running
    }
    return ret
  }
  get [kSize] () {
    let ret = this[kQueued]
    for (const { [kSize]: size } of this[kClients]) {
      ret += size
    }
    return ret
  }
  get stats () {
    return this[kStats]
  }
  async [kClose] () {
    if (this[kQueue].isEmpty()) {
      await Promise.all(this[kClients].map(c => c.close()))
    } else {
      await new Promise((resolve) => {
        this[kClosedResolve] = resolve
      })
    }
  }
  async [kDestroy] (err) {
    while (true) {
      const item = this[kQueue].shift()
      if (!item) {
        break
      }
      item.handler.onError(err)
    }
    await Promise.all(this[kClients].map(c => c.destroy(err)))
  }
  [kDispatch] (opts, handler) {
    const dispatcher = this[kGetDispatcher]()
    if (!dispatcher) {
      this[kNeedDrain] = true
      this[kQueue].push({ opts, handler })
      this[kQueued]++
    } else if (!dispatcher.dispatch(opts, handler)) {
      dispatcher[kNeedDrain] = true
      this[kNeedDrain] = !this[kGetDispatcher]()
    }
    return !this[kNeedDrain]
  }
  [kAddClient] (client) {
    client
      .on('drain', this[kOnDrain])
      .on('connect', this[kOnConnect])
      .on('disconnect', this[kOnDisconnect])
      .on('connectionError', this[kOnConnectionError])
    this[kClients].push(client)
    if (this[kNeedDrain]) {
      queueMicrotask(() => {
        if (this[kNeedDrain]) {
          this[kOnDrain](client[kUrl], [this, client])
        }
      })
    }
    return this
  }
  [kRemoveClient] (client) {
    client.close(() => {
      const idx = this[kClients].indexOf(client)
      if (idx !== -1) {
        this[kClients].splice(idx, 1)
      }
    })
    this[kNeedDrain] = this[kClients].some(dispatcher => (
      !dispatcher[kNeedDrain] &&
      dispatcher.closed !== true &&
      dispatcher.destroyed !== true
    ))
  }
}
module.exports = {
  PoolBase,
  kClients,
  kNeedDrain,
  kAddClient,
  kRemoveClient,
  kGetDispatcher
}
  }),
  3246:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const { kFree, kConnected, kPending, kQueued, kRunning, kSize } = __nccwpck_require__(6443)
const kPool = Symbol('pool')
class PoolStats {
  constructor (pool) {
    this[kPool] = pool
  }
  get connected () {
    return this[kPool][kConnected]
  }
  get free () {
    return this[kPool][kFree]
  }
  get pending () {
    return this[kPool][kPending]
  }
  get queued () {
    return this[kPool][kQueued]
  }
  get running () {
    return this[kPool][kRunning]
  }
  get size () {
    return this[kPool][kSize]
  }
}
module.exports = PoolStats
  }),
  628:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const {
  PoolBase,
  kClients,
  kNeedDrain,
  kAddClient,
  kGetDispatcher
} = __nccwpck_require__(2128)
const Client = __nccwpck_require__(3701)
const {
  InvalidArgumentError
} = __nccwpck_require__(8707)
const util = __nccwpck_require__(3440)
const { kUrl, kInterceptors } = __nccwpck_require__(6443)
const buildConnector = __nccwpck_require__(9136)
const kOptions = Symbol('options')
const kConnections = Symbol('connections')
const kFactory = Symbol('factory')
function defaultFactory (origin, opts) {
  return new Client(origin, opts)
}
class Pool extends PoolBase {
  constructor (origin, {
    connections,
    factory = defaultFactory,
    connect,
    connectTimeout,
    tls,
    maxCachedSessions,
    socketPath,
    autoSelectFamily,
    autoSelectFamilyAttemptTimeout,
    allowH2,
    ...options
  } = {}) {
    if (connections != null && (!Number.isFinite(connections) || connections < 0)) {
      throw new InvalidArgumentError('invalid connections')
    }
    if (typeof factory !== 'function') {
      throw new InvalidArgumentError('factory must be a function.')
    }
    if (connect != null && typeof connect !== 'function' && typeof connect !== 'object') {
      throw new InvalidArgumentError('connect must be a function or an object')
    }
    if (typeof connect !== 'function') {
      connect = buildConnector({
        ...tls,
        maxCachedSessions,
        allowH2,
        socketPath,
        timeout: connectTimeout,
        ...(autoSelectFamily ? { autoSelectFamily, autoSelectFamilyAttemptTimeout } : undefined),
        ...connect
      })
    }
    super(options)
    this[kInterceptors] = options.interceptors?.Pool && Array.isArray(options.interceptors.Pool)
      ? options.interceptors.Pool
      : []
    this[kConnections] = connections || null
    this[kUrl] = util.parseOrigin(origin)
    this[kOptions] = { ...util.deepClone(options), connect, allowH2 }
    this[kOptions].interceptors = options.interceptors
      ? { ...options.interceptors }
      : undefined
    this[kFactory] = factory
    this.on('connectionError', (origin, targets, error) => {
      for (const target of targets) {
        const idx = this[kClients].indexOf(target)
        if (idx !== -1) {
          this[kClients].splice(idx, 1)
        }
      }
    })
  }
  [kGetDispatcher] () {
    for (const client of this[kClients]) {
      if (!client[kNeedDrain]) {
        return client
      }
    }
    if (!this[kConnections] || this[kClients].length < this[kConnections]) {
      const dispatcher = this[kFactory](this[kUrl], this[kOptions])
      this[kAddClient](dispatcher)
      return dispatcher
    }
  }
}
module.exports = Pool
  }),
  8754:
  ((module) => {
module.exports = class {
  constructor() {
    throw new Error('Redirects are not part of this bundle (scripts/bundle/replace.ts)')
  }
}
  }),
  5092:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const RedirectHandler = __nccwpck_require__(8754)
function createRedirectInterceptor ({ maxRedirections: defaultMaxRedirections }) {
  return (dispatch) => {
    return function Intercept (opts, handler) {
      const { maxRedirections = defaultMaxRedirections } = opts
      if (!maxRedirections) {
        return dispatch(opts, handler)
      }
      const redirectHandler = new RedirectHandler(dispatch, maxRedirections, opts, handler)
      opts = { ...opts, maxRedirections: 0 }
      return dispatch(opts, redirectHandler)
    }
  }
}
module.exports = createRedirectInterceptor
  }),
  2824:
  ((__unused_webpack_module, exports, __nccwpck_require__) => {
Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.SPECIAL_HEADERS = exports.HEADER_STATE = exports.MINOR = exports.MAJOR = exports.CONNECTION_TOKEN_CHARS = exports.HEADER_CHARS = exports.TOKEN = exports.STRICT_TOKEN = exports.HEX = exports.URL_CHAR = exports.STRICT_URL_CHAR = exports.USERINFO_CHARS = exports.MARK = exports.ALPHANUM = exports.NUM = exports.HEX_MAP = exports.NUM_MAP = exports.ALPHA = exports.FINISH = exports.H_METHOD_MAP = exports.METHOD_MAP = exports.METHODS_RTSP = exports.METHODS_ICE = exports.METHODS_HTTP = exports.METHODS = exports.LENIENT_FLAGS = exports.FLAGS = exports.TYPE = exports.ERROR = void 0;
const utils_1 = __nccwpck_require__(172);
var ERROR;
(function (ERROR) {
    ERROR[ERROR["OK"] = 0] = "OK";
    ERROR[ERROR["INTERNAL"] = 1] = "INTERNAL";
    ERROR[ERROR["STRICT"] = 2] = "STRICT";
    ERROR[ERROR["LF_EXPECTED"] = 3] = "LF_EXPECTED";
    ERROR[ERROR["UNEXPECTED_CONTENT_LENGTH"] = 4] = "UNEXPECTED_CONTENT_LENGTH";
    ERROR[ERROR["CLOSED_CONNECTION"] = 5] = "CLOSED_CONNECTION";
    ERROR[ERROR["INVALID_METHOD"] = 6] = "INVALID_METHOD";
    ERROR[ERROR["INVALID_URL"] = 7] = "INVALID_URL";
    ERROR[ERROR["INVALID_CONSTANT"] = 8] = "INVALID_CONSTANT";
    ERROR[ERROR["INVALID_VERSION"] = 9] = "INVALID_VERSION";
    ERROR[ERROR["INVALID_HEADER_TOKEN"] = 10] = "INVALID_HEADER_TOKEN";
    ERROR[ERROR["INVALID_CONTENT_LENGTH"] = 11] = "INVALID_CONTENT_LENGTH";
    ERROR[ERROR["INVALID_CHUNK_SIZE"] = 12] = "INVALID_CHUNK_SIZE";
    ERROR[ERROR["INVALID_STATUS"] = 13] = "INVALID_STATUS";
    ERROR[ERROR["INVALID_EOF_STATE"] = 14] = "INVALID_EOF_STATE";
    ERROR[ERROR["INVALID_TRANSFER_ENCODING"] = 15] = "INVALID_TRANSFER_ENCODING";
    ERROR[ERROR["CB_MESSAGE_BEGIN"] = 16] = "CB_MESSAGE_BEGIN";
    ERROR[ERROR["CB_HEADERS_COMPLETE"] = 17] = "CB_HEADERS_COMPLETE";
    ERROR[ERROR["CB_MESSAGE_COMPLETE"] = 18] = "CB_MESSAGE_COMPLETE";
    ERROR[ERROR["CB_CHUNK_HEADER"] = 19] = "CB_CHUNK_HEADER";
    ERROR[ERROR["CB_CHUNK_COMPLETE"] = 20] = "CB_CHUNK_COMPLETE";
    ERROR[ERROR["PAUSED"] = 21] = "PAUSED";
    ERROR[ERROR["PAUSED_UPGRADE"] = 22] = "PAUSED_UPGRADE";
    ERROR[ERROR["PAUSED_H2_UPGRADE"] = 23] = "PAUSED_H2_UPGRADE";
    ERROR[ERROR["USER"] = 24] = "USER";
})(ERROR = exports.ERROR || (exports.ERROR = {}));
var TYPE;
(function (TYPE) {
    TYPE[TYPE["BOTH"] = 0] = "BOTH";
    TYPE[TYPE["REQUEST"] = 1] = "REQUEST";
    TYPE[TYPE["RESPONSE"] = 2] = "RESPONSE";
})(TYPE = exports.TYPE || (exports.TYPE = {}));
var FLAGS;
(function (FLAGS) {
    FLAGS[FLAGS["CONNECTION_KEEP_ALIVE"] = 1] = "CONNECTION_KEEP_ALIVE";
    FLAGS[FLAGS["CONNECTION_CLOSE"] = 2] = "CONNECTION_CLOSE";
    FLAGS[FLAGS["CONNECTION_UPGRADE"] = 4] = "CONNECTION_UPGRADE";
    FLAGS[FLAGS["CHUNKED"] = 8] = "CHUNKED";
    FLAGS[FLAGS["UPGRADE"] = 16] = "UPGRADE";
    FLAGS[FLAGS["CONTENT_LENGTH"] = 32] = "CONTENT_LENGTH";
    FLAGS[FLAGS["SKIPBODY"] = 64] = "SKIPBODY";
    FLAGS[FLAGS["TRAILING"] = 128] = "TRAILING";
    FLAGS[FLAGS["TRANSFER_ENCODING"] = 512] = "TRANSFER_ENCODING";
})(FLAGS = exports.FLAGS || (exports.FLAGS = {}));
var LENIENT_FLAGS;
(function (LENIENT_FLAGS) {
    LENIENT_FLAGS[LENIENT_FLAGS["HEADERS"] = 1] = "HEADERS";
    LENIENT_FLAGS[LENIENT_FLAGS["CHUNKED_LENGTH"] = 2] = "CHUNKED_LENGTH";
    LENIENT_FLAGS[LENIENT_FLAGS["KEEP_ALIVE"] = 4] = "KEEP_ALIVE";
})(LENIENT_FLAGS = exports.LENIENT_FLAGS || (exports.LENIENT_FLAGS = {}));
var METHODS;
(function (METHODS) {
    METHODS[METHODS["DELETE"] = 0] = "DELETE";
    METHODS[METHODS["GET"] = 1] = "GET";
    METHODS[METHODS["HEAD"] = 2] = "HEAD";
    METHODS[METHODS["POST"] = 3] = "POST";
    METHODS[METHODS["PUT"] = 4] = "PUT";
    METHODS[METHODS["CONNECT"] = 5] = "CONNECT";
    METHODS[METHODS["OPTIONS"] = 6] = "OPTIONS";
    METHODS[METHODS["TRACE"] = 7] = "TRACE";
    METHODS[METHODS["COPY"] = 8] = "COPY";
    METHODS[METHODS["LOCK"] = 9] = "LOCK";
    METHODS[METHODS["MKCOL"] = 10] = "MKCOL";
    METHODS[METHODS["MOVE"] = 11] = "MOVE";
    METHODS[METHODS["PROPFIND"] = 12] = "PROPFIND";
    METHODS[METHODS["PROPPATCH"] = 13] = "PROPPATCH";
    METHODS[METHODS["SEARCH"] = 14] = "SEARCH";
    METHODS[METHODS["UNLOCK"] = 15] = "UNLOCK";
    METHODS[METHODS["BIND"] = 16] = "BIND";
    METHODS[METHODS["REBIND"] = 17] = "REBIND";
    METHODS[METHODS["UNBIND"] = 18] = "UNBIND";
    METHODS[METHODS["ACL"] = 19] = "ACL";
    METHODS[METHODS["REPORT"] = 20] = "REPORT";
    METHODS[METHODS["MKACTIVITY"] = 21] = "MKACTIVITY";
    METHODS[METHODS["CHECKOUT"] = 22] = "CHECKOUT";
    METHODS[METHODS["MERGE"] = 23] = "MERGE";
    METHODS[METHODS["M-SEARCH"] = 24] = "M-SEARCH";
    METHODS[METHODS["NOTIFY"] = 25] = "NOTIFY";
    METHODS[METHODS["SUBSCRIBE"] = 26] = "SUBSCRIBE";
    METHODS[METHODS["UNSUBSCRIBE"] = 27] = "UNSUBSCRIBE";
    METHODS[METHODS["PATCH"] = 28] = "PATCH";
    METHODS[METHODS["PURGE"] = 29] = "PURGE";
    METHODS[METHODS["MKCALENDAR"] = 30] = "MKCALENDAR";
    METHODS[METHODS["LINK"] = 31] = "LINK";
    METHODS[METHODS["UNLINK"] = 32] = "UNLINK";
    METHODS[METHODS["SOURCE"] = 33] = "SOURCE";
    METHODS[METHODS["PRI"] = 34] = "PRI";
    METHODS[METHODS["DESCRIBE"] = 35] = "DESCRIBE";
    METHODS[METHODS["ANNOUNCE"] = 36] = "ANNOUNCE";
    METHODS[METHODS["SETUP"] = 37] = "SETUP";
    METHODS[METHODS["PLAY"] = 38] = "PLAY";
    METHODS[METHODS["PAUSE"] = 39] = "PAUSE";
    METHODS[METHODS["TEARDOWN"] = 40] = "TEARDOWN";
    METHODS[METHODS["GET_PARAMETER"] = 41] = "GET_PARAMETER";
    METHODS[METHODS["SET_PARAMETER"] = 42] = "SET_PARAMETER";
    METHODS[METHODS["REDIRECT"] = 43] = "REDIRECT";
    METHODS[METHODS["RECORD"] = 44] = "RECORD";
    METHODS[METHODS["FLUSH"] = 45] = "FLUSH";
})(METHODS = exports.METHODS || (exports.METHODS = {}));
exports.METHODS_HTTP = [
    METHODS.DELETE,
    METHODS.GET,
    METHODS.HEAD,
    METHODS.POST,
    METHODS.PUT,
    METHODS.CONNECT,
    METHODS.OPTIONS,
    METHODS.TRACE,
    METHODS.COPY,
    METHODS.LOCK,
    METHODS.MKCOL,
    METHODS.MOVE,
    METHODS.PROPFIND,
    METHODS.PROPPATCH,
    METHODS.SEARCH,
    METHODS.UNLOCK,
    METHODS.BIND,
    METHODS.REBIND,
    METHODS.UNBIND,
    METHODS.ACL,
    METHODS.REPORT,
    METHODS.MKACTIVITY,
    METHODS.CHECKOUT,
    METHODS.MERGE,
    METHODS['M-SEARCH'],
    METHODS.NOTIFY,
    METHODS.SUBSCRIBE,
    METHODS.UNSUBSCRIBE,
    METHODS.PATCH,
    METHODS.PURGE,
    METHODS.MKCALENDAR,
    METHODS.LINK,
    METHODS.UNLINK,
    METHODS.PRI,
    METHODS.SOURCE,
];
exports.METHODS_ICE = [
    METHODS.SOURCE,
];
exports.METHODS_RTSP = [
    METHODS.OPTIONS,
    METHODS.DESCRIBE,
    METHODS.ANNOUNCE,
    METHODS.SETUP,
    METHODS.PLAY,
    METHODS.PAUSE,
    METHODS.TEARDOWN,
    METHODS.GET_PARAMETER,
    METHODS.SET_PARAMETER,
    METHODS.REDIRECT,
    METHODS.RECORD,
    METHODS.FLUSH,
    METHODS.GET,
    METHODS.POST,
];
exports.METHOD_MAP = utils_1.enumToMap(METHODS);
exports.H_METHOD_MAP = {};
Object.keys(exports.METHOD_MAP).forEach((key) => {
    if (/^H/.test(key)) {
        exports.H_METHOD_MAP[key] = exports.METHOD_MAP[key];
    }
});
var FINISH;
(function (FINISH) {
    FINISH[FINISH["SAFE"] = 0] = "SAFE";
    FINISH[FINISH["SAFE_WITH_CB"] = 1] = "SAFE_WITH_CB";
    FINISH[FINISH["UNSAFE"] = 2] = "UNSAFE";
})(FINISH = exports.FINISH || (exports.FINISH = {}));
exports.ALPHA = [];
for (let i = 'A'.charCodeAt(0); i <= 'Z'.charCodeAt(0); i++) {
    exports.ALPHA.push(String.fromCharCode(i));
    exports.ALPHA.push(String.fromCharCode(i + 0x20));
}
exports.NUM_MAP = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4,
    5: 5, 6: 6, 7: 7, 8: 8, 9: 9,
};
exports.HEX_MAP = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4,
    5: 5, 6: 6, 7: 7, 8: 8, 9: 9,
    A: 0XA, B: 0XB, C: 0XC, D: 0XD, E: 0XE, F: 0XF,
    a: 0xa, b: 0xb, c: 0xc, d: 0xd, e: 0xe, f: 0xf,
};
exports.NUM = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
];
exports.ALPHANUM = exports.ALPHA.concat(exports.NUM);
exports.MARK = ['-', '_', '.', '!', '~', '*', '\'', '(', ')'];
exports.USERINFO_CHARS = exports.ALPHANUM
    .concat(exports.MARK)
    .concat(['%', ';', ':', '&', '=', '+', '$', ',']);
exports.STRICT_URL_CHAR = [
    '!', '"', '$', '%', '&', '\'',
    '(', ')', '*', '+', ',', '-', '.', '/',
    ':', ';', '<', '=', '>',
    '@', '[', '\\', ']', '^', '_',
    '`',
    '{', '|', '}', '~',
].concat(exports.ALPHANUM);
exports.URL_CHAR = exports.STRICT_URL_CHAR
    .concat(['\t', '\f']);
for (let i = 0x80; i <= 0xff; i++) {
    exports.URL_CHAR.push(i);
}
exports.HEX = exports.NUM.concat(['a', 'b', 'c', 'd', 'e', 'f', 'A', 'B', 'C', 'D', 'E', 'F']);
exports.STRICT_TOKEN = [
    '!', '#', '$', '%', '&', '\'',
    '*', '+', '-', '.',
    '^', '_', '`',
    '|', '~',
].concat(exports.ALPHANUM);
exports.TOKEN = exports.STRICT_TOKEN.concat([' ']);
exports.HEADER_CHARS = ['\t'];
for (let i = 32; i <= 255; i++) {
    if (i !== 127) {
        exports.HEADER_CHARS.push(i);
    }
}
exports.CONNECTION_TOKEN_CHARS = exports.HEADER_CHARS.filter((c) => c !== 44);
exports.MAJOR = exports.NUM_MAP;
exports.MINOR = exports.MAJOR;
var HEADER_STATE;
(function (HEADER_STATE) {
    HEADER_STATE[HEADER_STATE["GENERAL"] = 0] = "GENERAL";
    HEADER_STATE[HEADER_STATE["CONNECTION"] = 1] = "CONNECTION";
    HEADER_STATE[HEADER_STATE["CONTENT_LENGTH"] = 2] = "CONTENT_LENGTH";
    HEADER_STATE[HEADER_STATE["TRANSFER_ENCODING"] = 3] = "TRANSFER_ENCODING";
    HEADER_STATE[HEADER_STATE["UPGRADE"] = 4] = "UPGRADE";
    HEADER_STATE[HEADER_STATE["CONNECTION_KEEP_ALIVE"] = 5] = "CONNECTION_KEEP_ALIVE";
    HEADER_STATE[HEADER_STATE["CONNECTION_CLOSE"] = 6] = "CONNECTION_CLOSE";
    HEADER_STATE[HEADER_STATE["CONNECTION_UPGRADE"] = 7] = "CONNECTION_UPGRADE";
    HEADER_STATE[HEADER_STATE["TRANSFER_ENCODING_CHUNKED"] = 8] = "TRANSFER_ENCODING_CHUNKED";
})(HEADER_STATE = exports.HEADER_STATE || (exports.HEADER_STATE = {}));
exports.SPECIAL_HEADERS = {
    'connection': HEADER_STATE.CONNECTION,
    'content-length': HEADER_STATE.CONTENT_LENGTH,
    'proxy-connection': HEADER_STATE.CONNECTION,
    'transfer-encoding': HEADER_STATE.TRANSFER_ENCODING,
    'upgrade': HEADER_STATE.UPGRADE,
};
  }),
  3870:
  (() => {
throw new Error('WebAssembly SIMD is not available on this computer, and this action needs it')
  }),
  3434:
  ((module, __unused_webpack_exports, __nccwpck_require__) => {
const { Buffer } = __nccwpck_require__(4573)
module.exports = Buffer.from('AGFzbQEAAAABJwdgAX8Bf2ADf39/AX9gAX8AYAJ/fwBgBH9/f38Bf2AAAGADf39/AALLAQgDZW52GHdhc21fb25faGVhZGVyc19jb21wbGV0ZQAEA2VudhV3YXNtX29uX21lc3NhZ2VfYmVnaW4AAANlbnYLd2FzbV9vbl91cmwAAQNlbnYOd2FzbV9vbl9zdGF0dXMAAQNlbnYUd2FzbV9vbl9oZWFkZXJfZmllbGQAAQNlbnYUd2FzbV9vbl9oZWFkZXJfdmFsdWUAAQNlbnYMd2FzbV9vbl9ib2R5AAEDZW52GHdhc21fb25fbWVzc2FnZV9jb21wbGV0ZQAAAy0sBQYAAAIAAAAAAAACAQIAAgICAAADAAAAAAMDAwMBAQEBAQEBAQEAAAIAAAAEBQFwARISBQMBAAIGCAF/AUGA1AQLB9EFIgZtZW1vcnkCAAtfaW5pdGlhbGl6ZQAIGV9faW5kaXJlY3RfZnVuY3Rpb25fdGFibGUBAAtsbGh0dHBfaW5pdAAJGGxsaHR0cF9zaG91bGRfa2VlcF9hbGl2ZQAvDGxsaHR0cF9hbGxvYwALBm1hbGxvYwAxC2xsaHR0cF9mcmVlAAwEZnJlZQAMD2xsaHR0cF9nZXRfdHlwZQANFWxsaHR0cF9nZXRfaHR0cF9tYWpvcgAOFWxsaHR0cF9nZXRfaHR0cF9taW5vcgAPEWxsaHR0cF9nZXRfbWV0aG9kABAWbGxodHRwX2dldF9zdGF0dXNfY29kZQAREmxsaHR0cF9nZXRfdXBncmFkZQASDGxsaHR0cF9yZXNldAATDmxsaHR0cF9leGVjdXRlABQUbGxodHRwX3NldHRpbmdzX2luaXQAFQ1sbGh0dHBfZmluaXNoABYMbGxodHRwX3BhdXNlABcNbGxodHRwX3Jlc3VtZQAYG2xsaHR0cF9yZXN1bWVfYWZ0ZXJfdXBncmFkZQAZEGxsaHR0cF9nZXRfZXJybm8AGhdsbGh0dHBfZ2V0X2Vycm9yX3JlYXNvbgAbF2xsaHR0cF9zZXRfZXJyb3JfcmVhc29uABwUbGxodHRwX2dldF9lcnJvcl9wb3MAHRFsbGh0dHBfZXJybm9fbmFtZQAeEmxsaHR0cF9tZXRob2RfbmFtZQAfEmxsaHR0cF9zdGF0dXNfbmFtZQAgGmxsaHR0cF9zZXRfbGVuaWVudF9oZWFkZXJzACEhbGxodHRwX3NldF9sZW5pZW50X2NodW5rZWRfbGVuZ3RoACIdbGxodHRwX3NldF9sZW5pZW50X2tlZXBfYWxpdmUAIyRsbGh0dHBfc2V0X2xlbmllbnRfdHJhbnNmZXJfZW5jb2RpbmcAJBhsbGh0dHBfbWVzc2FnZV9uZWVkc19lb2YALgkXAQBBAQsRAQIDBAUKBgcrLSwqKSglJyYK77MCLBYAQYjQACgCAARAAAtBiNAAQQE2AgALFAAgABAwIAAgAjYCOCAAIAE6ACgLFAAgACAALwEyIAAtAC4gABAvEAALHgEBf0HAABAyIgEQMCABQYAINgI4IAEgADoAKCABC48MAQd/AkAgAEUNACAAQQhrIgEgAEEEaygCACIAQXhxIgRqIQUCQCAAQQFxDQAgAEEDcUUNASABIAEoAgAiAGsiAUGc0AAoAgBJDQEgACAEaiEEAkACQEGg0AAoAgAgAUcEQCAAQf8BTQRAIABBA3YhAyABKAIIIgAgASgCDCICRgRAQYzQAEGM0AAoAgBBfiADd3E2AgAMBQsgAiAANgIIIAAgAjYCDAwECyABKAIYIQYgASABKAIMIgBHBEAgACABKAIIIgI2AgggAiAANgIMDAMLIAFBFGoiAygCACICRQRAIAEoAhAiAkUNAiABQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFKAIEIgBBA3FBA0cNAiAFIABBfnE2AgRBlNAAIAQ2AgAgBSAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCABKAIcIgJBAnRBvNIAaiIDKAIAIAFGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgAUYbaiAANgIAIABFDQELIAAgBjYCGCABKAIQIgIEQCAAIAI2AhAgAiAANgIYCyABQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAFTw0AIAUoAgQiAEEBcUUNAAJAAkACQAJAIABBAnFFBEBBpNAAKAIAIAVGBEBBpNAAIAE2AgBBmNAAQZjQACgCACAEaiIANgIAIAEgAEEBcjYCBCABQaDQACgCAEcNBkGU0ABBADYCAEGg0ABBADYCAAwGC0Gg0AAoAgAgBUYEQEGg0AAgATYCAEGU0ABBlNAAKAIAIARqIgA2AgAgASAAQQFyNgIEIAAgAWogADYCAAwGCyAAQXhxIARqIQQgAEH/AU0EQCAAQQN2IQMgBSgCCCIAIAUoAgwiAkYEQEGM0ABBjNAAKAIAQX4gA3dxNgIADAULIAIgADYCCCAAIAI2AgwMBAsgBSgCGCEGIAUgBSgCDCIARwRAQZzQACgCABogACAFKAIIIgI2AgggAiAANgIMDAMLIAVBFGoiAygCACICRQRAIAUoAhAiAkUNAiAFQRBqIQMLA0AgAyEHIAIiAEEUaiIDKAIAIgINACAAQRBqIQMgACgCECICDQALIAdBADYCAAwCCyAFIABBfnE2AgQgASAEaiAENgIAIAEgBEEBcjYCBAwDC0EAIQALIAZFDQACQCAFKAIcIgJBAnRBvNIAaiIDKAIAIAVGBEAgAyAANgIAIAANAUGQ0ABBkNAAKAIAQX4gAndxNgIADAILIAZBEEEUIAYoAhAgBUYbaiAANgIAIABFDQELIAAgBjYCGCAFKAIQIgIEQCAAIAI2AhAgAiAANgIYCyAFQRRqKAIAIgJFDQAgAEEUaiACNgIAIAIgADYCGAsgASAEaiAENgIAIAEgBEEBcjYCBCABQaDQACgCAEcNAEGU0AAgBDYCAAwBCyAEQf8BTQRAIARBeHFBtNAAaiEAAn9BjNAAKAIAIgJBASAEQQN2dCIDcUUEQEGM0AAgAiADcjYCACAADAELIAAoAggLIgIgATYCDCAAIAE2AgggASAANgIMIAEgAjYCCAwBC0EfIQIgBEH///8HTQRAIARBJiAEQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAgsgASACNgIcIAFCADcCECACQQJ0QbzSAGohAAJAQZDQACgCACIDQQEgAnQiB3FFBEAgACABNgIAQZDQACADIAdyNgIAIAEgADYCGCABIAE2AgggASABNgIMDAELIARBGSACQQF2a0EAIAJBH0cbdCECIAAoAgAhAAJAA0AgACIDKAIEQXhxIARGDQEgAkEddiEAIAJBAXQhAiADIABBBHFqQRBqIgcoAgAiAA0ACyAHIAE2AgAgASADNgIYIAEgATYCDCABIAE2AggMAQsgAygCCCIAIAE2AgwgAyABNgIIIAFBADYCGCABIAM2AgwgASAANgIIC0Gs0ABBrNAAKAIAQQFrIgBBfyAAGzYCAAsLBwAgAC0AKAsHACAALQAqCwcAIAAtACsLBwAgAC0AKQsHACAALwEyCwcAIAAtAC4LQAEEfyAAKAIYIQEgAC0ALSECIAAtACghAyAAKAI4IQQgABAwIAAgBDYCOCAAIAM6ACggACACOgAtIAAgATYCGAu74gECB38DfiABIAJqIQQCQCAAIgIoAgwiAA0AIAIoAgQEQCACIAE2AgQLIwBBEGsiCCQAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAIoAhwiA0EBaw7dAdoBAdkBAgMEBQYHCAkKCwwNDtgBDxDXARES1gETFBUWFxgZGhvgAd8BHB0e1QEfICEiIyQl1AEmJygpKiss0wHSAS0u0QHQAS8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRtsBR0hJSs8BzgFLzQFMzAFNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AAYEBggGDAYQBhQGGAYcBiAGJAYoBiwGMAY0BjgGPAZABkQGSAZMBlAGVAZYBlwGYAZkBmgGbAZwBnQGeAZ8BoAGhAaIBowGkAaUBpgGnAagBqQGqAasBrAGtAa4BrwGwAbEBsgGzAbQBtQG2AbcBywHKAbgByQG5AcgBugG7AbwBvQG+Ab8BwAHBAcIBwwHEAcUBxgEA3AELQQAMxgELQQ4MxQELQQ0MxAELQQ8MwwELQRAMwgELQRMMwQELQRQMwAELQRUMvwELQRYMvgELQRgMvQELQRkMvAELQRoMuwELQRsMugELQRwMuQELQR0MuAELQQgMtwELQR4MtgELQSAMtQELQR8MtAELQQcMswELQSEMsgELQSIMsQELQSMMsAELQSQMrwELQRIMrgELQREMrQELQSUMrAELQSYMqwELQScMqgELQSgMqQELQcMBDKgBC0EqDKcBC0ErDKYBC0EsDKUBC0EtDKQBC0EuDKMBC0EvDKIBC0HEAQyhAQtBMAygAQtBNAyfAQtBDAyeAQtBMQydAQtBMgycAQtBMwybAQtBOQyaAQtBNQyZAQtBxQEMmAELQQsMlwELQToMlgELQTYMlQELQQoMlAELQTcMkwELQTgMkgELQTwMkQELQTsMkAELQT0MjwELQQkMjgELQSkMjQELQT4MjAELQT8MiwELQcAADIoBC0HBAAyJAQtBwgAMiAELQcMADIcBC0HEAAyGAQtBxQAMhQELQcYADIQBC0EXDIMBC0HHAAyCAQtByAAMgQELQckADIABC0HKAAx/C0HLAAx+C0HNAAx9C0HMAAx8C0HOAAx7C0HPAAx6C0HQAAx5C0HRAAx4C0HSAAx3C0HTAAx2C0HUAAx1C0HWAAx0C0HVAAxzC0EGDHILQdcADHELQQUMcAtB2AAMbwtBBAxuC0HZAAxtC0HaAAxsC0HbAAxrC0HcAAxqC0EDDGkLQd0ADGgLQd4ADGcLQd8ADGYLQeEADGULQeAADGQLQeIADGMLQeMADGILQQIMYQtB5AAMYAtB5QAMXwtB5gAMXgtB5wAMXQtB6AAMXAtB6QAMWwtB6gAMWgtB6wAMWQtB7AAMWAtB7QAMVwtB7gAMVgtB7wAMVQtB8AAMVAtB8QAMUwtB8gAMUgtB8wAMUQtB9AAMUAtB9QAMTwtB9gAMTgtB9wAMTQtB+AAMTAtB+QAMSwtB+gAMSgtB+wAMSQtB/AAMSAtB/QAMRwtB/gAMRgtB/wAMRQtBgAEMRAtBgQEMQwtBggEMQgtBgwEMQQtBhAEMQAtBhQEMPwtBhgEMPgtBhwEMPQtBiAEMPAtBiQEMOwtBigEMOgtBiwEMOQtBjAEMOAtBjQEMNwtBjgEMNgtBjwEMNQtBkAEMNAtBkQEMMwtBkgEMMgtBkwEMMQtBlAEMMAtBlQEMLwtBlgEMLgtBlwEMLQtBmAEMLAtBmQEMKwtBmgEMKgtBmwEMKQtBnAEMKAtBnQEMJwtBngEMJgtBnwEMJQtBoAEMJAtBoQEMIwtBogEMIgtBowEMIQtBpAEMIAtBpQEMHwtBpgEMHgtBpwEMHQtBqAEMHAtBqQEMGwtBqgEMGgtBqwEMGQtBrAEMGAtBrQEMFwtBrgEMFgtBAQwVC0GvAQwUC0GwAQwTC0GxAQwSC0GzAQwRC0GyAQwQC0G0AQwPC0G1AQwOC0G2AQwNC0G3AQwMC0G4AQwLC0G5AQwKC0G6AQwJC0G7AQwIC0HGAQwHC0G8AQwGC0G9AQwFC0G+AQwEC0G/AQwDC0HAAQwCC0HCAQwBC0HBAQshAwNAAkACQAJAAkACQAJAAkACQAJAIAICfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAgJ/AkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACfwJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACfwJAAkACQAJAAn8CQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCADDsYBAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHyAhIyUmKCorLC8wMTIzNDU2Nzk6Ozw9lANAQkRFRklLTk9QUVJTVFVWWFpbXF1eX2BhYmNkZWZnaGpsb3Bxc3V2eHl6e3x/gAGBAYIBgwGEAYUBhgGHAYgBiQGKAYsBjAGNAY4BjwGQAZEBkgGTAZQBlQGWAZcBmAGZAZoBmwGcAZ0BngGfAaABoQGiAaMBpAGlAaYBpwGoAakBqgGrAawBrQGuAa8BsAGxAbIBswG0AbUBtgG3AbgBuQG6AbsBvAG9Ab4BvwHAAcEBwgHDAcQBxQHGAccByAHJAcsBzAHNAc4BzwGKA4kDiAOHA4QDgwOAA/sC+gL5AvgC9wL0AvMC8gLLAsECsALZAQsgASAERw3wAkHdASEDDLMDCyABIARHDcgBQcMBIQMMsgMLIAEgBEcNe0H3ACEDDLEDCyABIARHDXBB7wAhAwywAwsgASAERw1pQeoAIQMMrwMLIAEgBEcNZUHoACEDDK4DCyABIARHDWJB5gAhAwytAwsgASAERw0aQRghAwysAwsgASAERw0VQRIhAwyrAwsgASAERw1CQcUAIQMMqgMLIAEgBEcNNEE/IQMMqQMLIAEgBEcNMkE8IQMMqAMLIAEgBEcNK0ExIQMMpwMLIAItAC5BAUYNnwMMwQILQQAhAAJAAkACQCACLQAqRQ0AIAItACtFDQAgAi8BMCIDQQJxRQ0BDAILIAIvATAiA0EBcUUNAQtBASEAIAItAChBAUYNACACLwEyIgVB5ABrQeQASQ0AIAVBzAFGDQAgBUGwAkYNACADQcAAcQ0AQQAhACADQYgEcUGABEYNACADQShxQQBHIQALIAJBADsBMCACQQA6AC8gAEUN3wIgAkIANwMgDOACC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAARQ3MASAAQRVHDd0CIAJBBDYCHCACIAE2AhQgAkGwGDYCECACQRU2AgxBACEDDKQDCyABIARGBEBBBiEDDKQDCyABQQFqIQFBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAA3ZAgwcCyACQgA3AyBBEiEDDIkDCyABIARHDRZBHSEDDKEDCyABIARHBEAgAUEBaiEBQRAhAwyIAwtBByEDDKADCyACIAIpAyAiCiAEIAFrrSILfSIMQgAgCiAMWhs3AyAgCiALWA3UAkEIIQMMnwMLIAEgBEcEQCACQQk2AgggAiABNgIEQRQhAwyGAwtBCSEDDJ4DCyACKQMgQgBSDccBIAIgAi8BMEGAAXI7ATAMQgsgASAERw0/QdAAIQMMnAMLIAEgBEYEQEELIQMMnAMLIAFBAWohAUEAIQACQCACKAI4IgNFDQAgAygCUCIDRQ0AIAIgAxEAACEACyAADc8CDMYBC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ3GASAAQRVHDc0CIAJBCzYCHCACIAE2AhQgAkGCGTYCECACQRU2AgxBACEDDJoDC0EAIQACQCACKAI4IgNFDQAgAygCSCIDRQ0AIAIgAxEAACEACyAARQ0MIABBFUcNygIgAkEaNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMmQMLQQAhAAJAIAIoAjgiA0UNACADKAJMIgNFDQAgAiADEQAAIQALIABFDcQBIABBFUcNxwIgAkELNgIcIAIgATYCFCACQZEXNgIQIAJBFTYCDEEAIQMMmAMLIAEgBEYEQEEPIQMMmAMLIAEtAAAiAEE7Rg0HIABBDUcNxAIgAUEBaiEBDMMBC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3DASAAQRVHDcICIAJBDzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJYDCwNAIAEtAABB8DVqLQAAIgBBAUcEQCAAQQJHDcECIAIoAgQhAEEAIQMgAkEANgIEIAIgACABQQFqIgEQLSIADcICDMUBCyAEIAFBAWoiAUcNAAtBEiEDDJUDC0EAIQACQCACKAI4IgNFDQAgAygCTCIDRQ0AIAIgAxEAACEACyAARQ3FASAAQRVHDb0CIAJBGzYCHCACIAE2AhQgAkGRFzYCECACQRU2AgxBACEDDJQDCyABIARGBEBBFiEDDJQDCyACQQo2AgggAiABNgIEQQAhAAJAIAIoAjgiA0UNACADKAJIIgNFDQAgAiADEQAAIQALIABFDcIBIABBFUcNuQIgAkEVNgIcIAIgATYCFCACQYIZNgIQIAJBFTYCDEEAIQMMkwMLIAEgBEcEQANAIAEtAABB8DdqLQAAIgBBAkcEQAJAIABBAWsOBMQCvQIAvgK9AgsgAUEBaiEBQQghAwz8AgsgBCABQQFqIgFHDQALQRUhAwyTAwtBFSEDDJIDCwNAIAEtAABB8DlqLQAAIgBBAkcEQCAAQQFrDgTFArcCwwK4ArcCCyAEIAFBAWoiAUcNAAtBGCEDDJEDCyABIARHBEAgAkELNgIIIAIgATYCBEEHIQMM+AILQRkhAwyQAwsgAUEBaiEBDAILIAEgBEYEQEEaIQMMjwMLAkAgAS0AAEENaw4UtQG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwG/Ab8BvwEAvwELQQAhAyACQQA2AhwgAkGvCzYCECACQQI2AgwgAiABQQFqNgIUDI4DCyABIARGBEBBGyEDDI4DCyABLQAAIgBBO0cEQCAAQQ1HDbECIAFBAWohAQy6AQsgAUEBaiEBC0EiIQMM8wILIAEgBEYEQEEcIQMMjAMLQgAhCgJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkAgAS0AAEEwaw43wQLAAgABAgMEBQYH0AHQAdAB0AHQAdAB0AEICQoLDA3QAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdAB0AHQAdABDg8QERIT0AELQgIhCgzAAgtCAyEKDL8CC0IEIQoMvgILQgUhCgy9AgtCBiEKDLwCC0IHIQoMuwILQgghCgy6AgtCCSEKDLkCC0IKIQoMuAILQgshCgy3AgtCDCEKDLYCC0INIQoMtQILQg4hCgy0AgtCDyEKDLMCC0IKIQoMsgILQgshCgyxAgtCDCEKDLACC0INIQoMrwILQg4hCgyuAgtCDyEKDK0CC0IAIQoCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIAEtAABBMGsON8ACvwIAAQIDBAUGB74CvgK+Ar4CvgK+Ar4CCAkKCwwNvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ar4CvgK+Ag4PEBESE74CC0ICIQoMvwILQgMhCgy+AgtCBCEKDL0CC0IFIQoMvAILQgYhCgy7AgtCByEKDLoCC0IIIQoMuQILQgkhCgy4AgtCCiEKDLcCC0ILIQoMtgILQgwhCgy1AgtCDSEKDLQCC0IOIQoMswILQg8hCgyyAgtCCiEKDLECC0ILIQoMsAILQgwhCgyvAgtCDSEKDK4CC0IOIQoMrQILQg8hCgysAgsgAiACKQMgIgogBCABa60iC30iDEIAIAogDFobNwMgIAogC1gNpwJBHyEDDIkDCyABIARHBEAgAkEJNgIIIAIgATYCBEElIQMM8AILQSAhAwyIAwtBASEFIAIvATAiA0EIcUUEQCACKQMgQgBSIQULAkAgAi0ALgRAQQEhACACLQApQQVGDQEgA0HAAHFFIAVxRQ0BC0EAIQAgA0HAAHENAEECIQAgA0EIcQ0AIANBgARxBEACQCACLQAoQQFHDQAgAi0ALUEKcQ0AQQUhAAwCC0EEIQAMAQsgA0EgcUUEQAJAIAItAChBAUYNACACLwEyIgBB5ABrQeQASQ0AIABBzAFGDQAgAEGwAkYNAEEEIQAgA0EocUUNAiADQYgEcUGABEYNAgtBACEADAELQQBBAyACKQMgUBshAAsgAEEBaw4FvgIAsAEBpAKhAgtBESEDDO0CCyACQQE6AC8MhAMLIAEgBEcNnQJBJCEDDIQDCyABIARHDRxBxgAhAwyDAwtBACEAAkAgAigCOCIDRQ0AIAMoAkQiA0UNACACIAMRAAAhAAsgAEUNJyAAQRVHDZgCIAJB0AA2AhwgAiABNgIUIAJBkRg2AhAgAkEVNgIMQQAhAwyCAwsgASAERgRAQSghAwyCAwtBACEDIAJBADYCBCACQQw2AgggAiABIAEQKiIARQ2UAiACQSc2AhwgAiABNgIUIAIgADYCDAyBAwsgASAERgRAQSkhAwyBAwsgAS0AACIAQSBGDRMgAEEJRw2VAiABQQFqIQEMFAsgASAERwRAIAFBAWohAQwWC0EqIQMM/wILIAEgBEYEQEErIQMM/wILIAEtAAAiAEEJRyAAQSBHcQ2QAiACLQAsQQhHDd0CIAJBADoALAzdAgsgASAERgRAQSwhAwz+AgsgAS0AAEEKRw2OAiABQQFqIQEMsAELIAEgBEcNigJBLyEDDPwCCwNAIAEtAAAiAEEgRwRAIABBCmsOBIQCiAKIAoQChgILIAQgAUEBaiIBRw0AC0ExIQMM+wILQTIhAyABIARGDfoCIAIoAgAiACAEIAFraiEHIAEgAGtBA2ohBgJAA0AgAEHwO2otAAAgAS0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDQEgAEEDRgRAQQYhAQziAgsgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAc2AgAM+wILIAJBADYCAAyGAgtBMyEDIAQgASIARg35AiAEIAFrIAIoAgAiAWohByAAIAFrQQhqIQYCQANAIAFB9DtqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBCEYEQEEFIQEM4QILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPoCCyACQQA2AgAgACEBDIUCC0E0IQMgBCABIgBGDfgCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgJAA0AgAUHQwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw0BIAFBBUYEQEEHIQEM4AILIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADPkCCyACQQA2AgAgACEBDIQCCyABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRg0JDIECCyAEIAFBAWoiAUcNAAtBMCEDDPgCC0EwIQMM9wILIAEgBEcEQANAIAEtAAAiAEEgRwRAIABBCmsOBP8B/gH+Af8B/gELIAQgAUEBaiIBRw0AC0E4IQMM9wILQTghAwz2AgsDQCABLQAAIgBBIEcgAEEJR3EN9gEgBCABQQFqIgFHDQALQTwhAwz1AgsDQCABLQAAIgBBIEcEQAJAIABBCmsOBPkBBAT5AQALIABBLEYN9QEMAwsgBCABQQFqIgFHDQALQT8hAwz0AgtBwAAhAyABIARGDfMCIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAEGAQGstAAAgAS0AAEEgckcNASAAQQZGDdsCIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPQCCyACQQA2AgALQTYhAwzZAgsgASAERgRAQcEAIQMM8gILIAJBDDYCCCACIAE2AgQgAi0ALEEBaw4E+wHuAewB6wHUAgsgAUEBaiEBDPoBCyABIARHBEADQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxIgBBCUYNACAAQSBGDQACQAJAAkACQCAAQeMAaw4TAAMDAwMDAwMBAwMDAwMDAwMDAgMLIAFBAWohAUExIQMM3AILIAFBAWohAUEyIQMM2wILIAFBAWohAUEzIQMM2gILDP4BCyAEIAFBAWoiAUcNAAtBNSEDDPACC0E1IQMM7wILIAEgBEcEQANAIAEtAABBgDxqLQAAQQFHDfcBIAQgAUEBaiIBRw0AC0E9IQMM7wILQT0hAwzuAgtBACEAAkAgAigCOCIDRQ0AIAMoAkAiA0UNACACIAMRAAAhAAsgAEUNASAAQRVHDeYBIAJBwgA2AhwgAiABNgIUIAJB4xg2AhAgAkEVNgIMQQAhAwztAgsgAUEBaiEBC0E8IQMM0gILIAEgBEYEQEHCACEDDOsCCwJAA0ACQCABLQAAQQlrDhgAAswCzALRAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAswCzALMAgDMAgsgBCABQQFqIgFHDQALQcIAIQMM6wILIAFBAWohASACLQAtQQFxRQ3+AQtBLCEDDNACCyABIARHDd4BQcQAIQMM6AILA0AgAS0AAEGQwABqLQAAQQFHDZwBIAQgAUEBaiIBRw0AC0HFACEDDOcCCyABLQAAIgBBIEYN/gEgAEE6Rw3AAiACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgAN3gEM3QELQccAIQMgBCABIgBGDeUCIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFBkMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvwIgAUEFRg3CAiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzlAgtByAAhAyAEIAEiAEYN5AIgBCABayACKAIAIgFqIQcgACABa0EJaiEGA0AgAUGWwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw2+AkECIAFBCUYNwgIaIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOQCCyABIARGBEBByQAhAwzkAgsCQAJAIAEtAAAiAEEgciAAIABBwQBrQf8BcUEaSRtB/wFxQe4Aaw4HAL8CvwK/Ar8CvwIBvwILIAFBAWohAUE+IQMMywILIAFBAWohAUE/IQMMygILQcoAIQMgBCABIgBGDeICIAQgAWsgAigCACIBaiEGIAAgAWtBAWohBwNAIAFBoMIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNvAIgAUEBRg2+AiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBjYCAAziAgtBywAhAyAEIAEiAEYN4QIgBCABayACKAIAIgFqIQcgACABa0EOaiEGA0AgAUGiwgBqLQAAIAAtAAAiBUEgciAFIAVBwQBrQf8BcUEaSRtB/wFxRw27AiABQQ5GDb4CIAFBAWohASAEIABBAWoiAEcNAAsgAiAHNgIADOECC0HMACEDIAQgASIARg3gAiAEIAFrIAIoAgAiAWohByAAIAFrQQ9qIQYDQCABQcDCAGotAAAgAC0AACIFQSByIAUgBUHBAGtB/wFxQRpJG0H/AXFHDboCQQMgAUEPRg2+AhogAUEBaiEBIAQgAEEBaiIARw0ACyACIAc2AgAM4AILQc0AIQMgBCABIgBGDd8CIAQgAWsgAigCACIBaiEHIAAgAWtBBWohBgNAIAFB0MIAai0AACAALQAAIgVBIHIgBSAFQcEAa0H/AXFBGkkbQf8BcUcNuQJBBCABQQVGDb0CGiABQQFqIQEgBCAAQQFqIgBHDQALIAIgBzYCAAzfAgsgASAERgRAQc4AIQMM3wILAkACQAJAAkAgAS0AACIAQSByIAAgAEHBAGtB/wFxQRpJG0H/AXFB4wBrDhMAvAK8ArwCvAK8ArwCvAK8ArwCvAK8ArwCAbwCvAK8AgIDvAILIAFBAWohAUHBACEDDMgCCyABQQFqIQFBwgAhAwzHAgsgAUEBaiEBQcMAIQMMxgILIAFBAWohAUHEACEDDMUCCyABIARHBEAgAkENNgIIIAIgATYCBEHFACEDDMUCC0HPACEDDN0CCwJAAkAgAS0AAEEKaw4EAZABkAEAkAELIAFBAWohAQtBKCEDDMMCCyABIARGBEBB0QAhAwzcAgsgAS0AAEEgRw0AIAFBAWohASACLQAtQQFxRQ3QAQtBFyEDDMECCyABIARHDcsBQdIAIQMM2QILQdMAIQMgASAERg3YAiACKAIAIgAgBCABa2ohBiABIABrQQFqIQUDQCABLQAAIABB1sIAai0AAEcNxwEgAEEBRg3KASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBjYCAAzYAgsgASAERgRAQdUAIQMM2AILIAEtAABBCkcNwgEgAUEBaiEBDMoBCyABIARGBEBB1gAhAwzXAgsCQAJAIAEtAABBCmsOBADDAcMBAcMBCyABQQFqIQEMygELIAFBAWohAUHKACEDDL0CC0EAIQACQCACKAI4IgNFDQAgAygCPCIDRQ0AIAIgAxEAACEACyAADb8BQc0AIQMMvAILIAItAClBIkYNzwIMiQELIAQgASIFRgRAQdsAIQMM1AILQQAhAEEBIQFBASEGQQAhAwJAAn8CQAJAAkACQAJAAkACQCAFLQAAQTBrDgrFAcQBAAECAwQFBgjDAQtBAgwGC0EDDAULQQQMBAtBBQwDC0EGDAILQQcMAQtBCAshA0EAIQFBACEGDL0BC0EJIQNBASEAQQAhAUEAIQYMvAELIAEgBEYEQEHdACEDDNMCCyABLQAAQS5HDbgBIAFBAWohAQyIAQsgASAERw22AUHfACEDDNECCyABIARHBEAgAkEONgIIIAIgATYCBEHQACEDDLgCC0HgACEDDNACC0HhACEDIAEgBEYNzwIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGA0AgAS0AACAAQeLCAGotAABHDbEBIABBA0YNswEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMzwILQeIAIQMgASAERg3OAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYDQCABLQAAIABB5sIAai0AAEcNsAEgAEECRg2vASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAzOAgtB4wAhAyABIARGDc0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgNAIAEtAAAgAEHpwgBqLQAARw2vASAAQQNGDa0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADM0CCyABIARGBEBB5QAhAwzNAgsgAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANqgFB1gAhAwyzAgsgASAERwRAA0AgAS0AACIAQSBHBEACQAJAAkAgAEHIAGsOCwABswGzAbMBswGzAbMBswGzAQKzAQsgAUEBaiEBQdIAIQMMtwILIAFBAWohAUHTACEDDLYCCyABQQFqIQFB1AAhAwy1AgsgBCABQQFqIgFHDQALQeQAIQMMzAILQeQAIQMMywILA0AgAS0AAEHwwgBqLQAAIgBBAUcEQCAAQQJrDgOnAaYBpQGkAQsgBCABQQFqIgFHDQALQeYAIQMMygILIAFBAWogASAERw0CGkHnACEDDMkCCwNAIAEtAABB8MQAai0AACIAQQFHBEACQCAAQQJrDgSiAaEBoAEAnwELQdcAIQMMsQILIAQgAUEBaiIBRw0AC0HoACEDDMgCCyABIARGBEBB6QAhAwzIAgsCQCABLQAAIgBBCmsOGrcBmwGbAbQBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBmwGbAZsBpAGbAZsBAJkBCyABQQFqCyEBQQYhAwytAgsDQCABLQAAQfDGAGotAABBAUcNfSAEIAFBAWoiAUcNAAtB6gAhAwzFAgsgAUEBaiABIARHDQIaQesAIQMMxAILIAEgBEYEQEHsACEDDMQCCyABQQFqDAELIAEgBEYEQEHtACEDDMMCCyABQQFqCyEBQQQhAwyoAgsgASAERgRAQe4AIQMMwQILAkACQAJAIAEtAABB8MgAai0AAEEBaw4HkAGPAY4BAHwBAo0BCyABQQFqIQEMCwsgAUEBagyTAQtBACEDIAJBADYCHCACQZsSNgIQIAJBBzYCDCACIAFBAWo2AhQMwAILAkADQCABLQAAQfDIAGotAAAiAEEERwRAAkACQCAAQQFrDgeUAZMBkgGNAQAEAY0BC0HaACEDDKoCCyABQQFqIQFB3AAhAwypAgsgBCABQQFqIgFHDQALQe8AIQMMwAILIAFBAWoMkQELIAQgASIARgRAQfAAIQMMvwILIAAtAABBL0cNASAAQQFqIQEMBwsgBCABIgBGBEBB8QAhAwy+AgsgAC0AACIBQS9GBEAgAEEBaiEBQd0AIQMMpQILIAFBCmsiA0EWSw0AIAAhAUEBIAN0QYmAgAJxDfkBC0EAIQMgAkEANgIcIAIgADYCFCACQYwcNgIQIAJBBzYCDAy8AgsgASAERwRAIAFBAWohAUHeACEDDKMCC0HyACEDDLsCCyABIARGBEBB9AAhAwy7AgsCQCABLQAAQfDMAGotAABBAWsOA/cBcwCCAQtB4QAhAwyhAgsgASAERwRAA0AgAS0AAEHwygBqLQAAIgBBA0cEQAJAIABBAWsOAvkBAIUBC0HfACEDDKMCCyAEIAFBAWoiAUcNAAtB8wAhAwy6AgtB8wAhAwy5AgsgASAERwRAIAJBDzYCCCACIAE2AgRB4AAhAwygAgtB9QAhAwy4AgsgASAERgRAQfYAIQMMuAILIAJBDzYCCCACIAE2AgQLQQMhAwydAgsDQCABLQAAQSBHDY4CIAQgAUEBaiIBRw0AC0H3ACEDDLUCCyABIARGBEBB+AAhAwy1AgsgAS0AAEEgRw16IAFBAWohAQxbC0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAADXgMgAILIAEgBEYEQEH6ACEDDLMCCyABLQAAQcwARw10IAFBAWohAUETDHYLQfsAIQMgASAERg2xAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYDQCABLQAAIABB8M4Aai0AAEcNcyAAQQVGDXUgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMsQILIAEgBEYEQEH8ACEDDLECCwJAAkAgAS0AAEHDAGsODAB0dHR0dHR0dHR0AXQLIAFBAWohAUHmACEDDJgCCyABQQFqIQFB5wAhAwyXAgtB/QAhAyABIARGDa8CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDXIgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADLACCyACQQA2AgAgBkEBaiEBQRAMcwtB/gAhAyABIARGDa4CIAIoAgAiACAEIAFraiEFIAEgAGtBBWohBgJAA0AgAS0AACAAQfbOAGotAABHDXEgAEEFRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK8CCyACQQA2AgAgBkEBaiEBQRYMcgtB/wAhAyABIARGDa0CIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQfzOAGotAABHDXAgAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADK4CCyACQQA2AgAgBkEBaiEBQQUMcQsgASAERgRAQYABIQMMrQILIAEtAABB2QBHDW4gAUEBaiEBQQgMcAsgASAERgRAQYEBIQMMrAILAkACQCABLQAAQc4Aaw4DAG8BbwsgAUEBaiEBQesAIQMMkwILIAFBAWohAUHsACEDDJICCyABIARGBEBBggEhAwyrAgsCQAJAIAEtAABByABrDggAbm5ubm5uAW4LIAFBAWohAUHqACEDDJICCyABQQFqIQFB7QAhAwyRAgtBgwEhAyABIARGDakCIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQYDPAGotAABHDWwgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKoCCyACQQA2AgAgBkEBaiEBQQAMbQtBhAEhAyABIARGDagCIAIoAgAiACAEIAFraiEFIAEgAGtBBGohBgJAA0AgAS0AACAAQYPPAGotAABHDWsgAEEERg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADKkCCyACQQA2AgAgBkEBaiEBQSMMbAsgASAERgRAQYUBIQMMqAILAkACQCABLQAAQcwAaw4IAGtra2trawFrCyABQQFqIQFB7wAhAwyPAgsgAUEBaiEBQfAAIQMMjgILIAEgBEYEQEGGASEDDKcCCyABLQAAQcUARw1oIAFBAWohAQxgC0GHASEDIAEgBEYNpQIgAigCACIAIAQgAWtqIQUgASAAa0EDaiEGAkADQCABLQAAIABBiM8Aai0AAEcNaCAAQQNGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpgILIAJBADYCACAGQQFqIQFBLQxpC0GIASEDIAEgBEYNpAIgAigCACIAIAQgAWtqIQUgASAAa0EIaiEGAkADQCABLQAAIABB0M8Aai0AAEcNZyAAQQhGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMpQILIAJBADYCACAGQQFqIQFBKQxoCyABIARGBEBBiQEhAwykAgtBASABLQAAQd8ARw1nGiABQQFqIQEMXgtBigEhAyABIARGDaICIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgNAIAEtAAAgAEGMzwBqLQAARw1kIABBAUYN+gEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMogILQYsBIQMgASAERg2hAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGOzwBqLQAARw1kIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyiAgsgAkEANgIAIAZBAWohAUECDGULQYwBIQMgASAERg2gAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHwzwBqLQAARw1jIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyhAgsgAkEANgIAIAZBAWohAUEfDGQLQY0BIQMgASAERg2fAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHyzwBqLQAARw1iIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAygAgsgAkEANgIAIAZBAWohAUEJDGMLIAEgBEYEQEGOASEDDJ8CCwJAAkAgAS0AAEHJAGsOBwBiYmJiYgFiCyABQQFqIQFB+AAhAwyGAgsgAUEBaiEBQfkAIQMMhQILQY8BIQMgASAERg2dAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGRzwBqLQAARw1gIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyeAgsgAkEANgIAIAZBAWohAUEYDGELQZABIQMgASAERg2cAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGXzwBqLQAARw1fIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAydAgsgAkEANgIAIAZBAWohAUEXDGALQZEBIQMgASAERg2bAiACKAIAIgAgBCABa2ohBSABIABrQQZqIQYCQANAIAEtAAAgAEGazwBqLQAARw1eIABBBkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAycAgsgAkEANgIAIAZBAWohAUEVDF8LQZIBIQMgASAERg2aAiACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEGhzwBqLQAARw1dIABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAybAgsgAkEANgIAIAZBAWohAUEeDF4LIAEgBEYEQEGTASEDDJoCCyABLQAAQcwARw1bIAFBAWohAUEKDF0LIAEgBEYEQEGUASEDDJkCCwJAAkAgAS0AAEHBAGsODwBcXFxcXFxcXFxcXFxcAVwLIAFBAWohAUH+ACEDDIACCyABQQFqIQFB/wAhAwz/AQsgASAERgRAQZUBIQMMmAILAkACQCABLQAAQcEAaw4DAFsBWwsgAUEBaiEBQf0AIQMM/wELIAFBAWohAUGAASEDDP4BC0GWASEDIAEgBEYNlgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBp88Aai0AAEcNWSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlwILIAJBADYCACAGQQFqIQFBCwxaCyABIARGBEBBlwEhAwyWAgsCQAJAAkACQCABLQAAQS1rDiMAW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1sBW1tbW1sCW1tbA1sLIAFBAWohAUH7ACEDDP8BCyABQQFqIQFB/AAhAwz+AQsgAUEBaiEBQYEBIQMM/QELIAFBAWohAUGCASEDDPwBC0GYASEDIAEgBEYNlAIgAigCACIAIAQgAWtqIQUgASAAa0EEaiEGAkADQCABLQAAIABBqc8Aai0AAEcNVyAAQQRGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlQILIAJBADYCACAGQQFqIQFBGQxYC0GZASEDIAEgBEYNkwIgAigCACIAIAQgAWtqIQUgASAAa0EFaiEGAkADQCABLQAAIABBrs8Aai0AAEcNViAAQQVGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMlAILIAJBADYCACAGQQFqIQFBBgxXC0GaASEDIAEgBEYNkgIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBtM8Aai0AAEcNVSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkwILIAJBADYCACAGQQFqIQFBHAxWC0GbASEDIAEgBEYNkQIgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABBts8Aai0AAEcNVCAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAMkgILIAJBADYCACAGQQFqIQFBJwxVCyABIARGBEBBnAEhAwyRAgsCQAJAIAEtAABB1ABrDgIAAVQLIAFBAWohAUGGASEDDPgBCyABQQFqIQFBhwEhAwz3AQtBnQEhAyABIARGDY8CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbjPAGotAABHDVIgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADJACCyACQQA2AgAgBkEBaiEBQSYMUwtBngEhAyABIARGDY4CIAIoAgAiACAEIAFraiEFIAEgAGtBAWohBgJAA0AgAS0AACAAQbrPAGotAABHDVEgAEEBRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI8CCyACQQA2AgAgBkEBaiEBQQMMUgtBnwEhAyABIARGDY0CIAIoAgAiACAEIAFraiEFIAEgAGtBAmohBgJAA0AgAS0AACAAQe3PAGotAABHDVAgAEECRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI4CCyACQQA2AgAgBkEBaiEBQQwMUQtBoAEhAyABIARGDYwCIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQbzPAGotAABHDU8gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADI0CCyACQQA2AgAgBkEBaiEBQQ0MUAsgASAERgRAQaEBIQMMjAILAkACQCABLQAAQcYAaw4LAE9PT09PT09PTwFPCyABQQFqIQFBiwEhAwzzAQsgAUEBaiEBQYwBIQMM8gELIAEgBEYEQEGiASEDDIsCCyABLQAAQdAARw1MIAFBAWohAQxGCyABIARGBEBBowEhAwyKAgsCQAJAIAEtAABByQBrDgcBTU1NTU0ATQsgAUEBaiEBQY4BIQMM8QELIAFBAWohAUEiDE0LQaQBIQMgASAERg2IAiACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEHAzwBqLQAARw1LIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyJAgsgAkEANgIAIAZBAWohAUEdDEwLIAEgBEYEQEGlASEDDIgCCwJAAkAgAS0AAEHSAGsOAwBLAUsLIAFBAWohAUGQASEDDO8BCyABQQFqIQFBBAxLCyABIARGBEBBpgEhAwyHAgsCQAJAAkACQAJAIAEtAABBwQBrDhUATU1NTU1NTU1NTQFNTQJNTQNNTQRNCyABQQFqIQFBiAEhAwzxAQsgAUEBaiEBQYkBIQMM8AELIAFBAWohAUGKASEDDO8BCyABQQFqIQFBjwEhAwzuAQsgAUEBaiEBQZEBIQMM7QELQacBIQMgASAERg2FAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHtzwBqLQAARw1IIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyGAgsgAkEANgIAIAZBAWohAUERDEkLQagBIQMgASAERg2EAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHCzwBqLQAARw1HIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyFAgsgAkEANgIAIAZBAWohAUEsDEgLQakBIQMgASAERg2DAiACKAIAIgAgBCABa2ohBSABIABrQQRqIQYCQANAIAEtAAAgAEHFzwBqLQAARw1GIABBBEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyEAgsgAkEANgIAIAZBAWohAUErDEcLQaoBIQMgASAERg2CAiACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHKzwBqLQAARw1FIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyDAgsgAkEANgIAIAZBAWohAUEUDEYLIAEgBEYEQEGrASEDDIICCwJAAkACQAJAIAEtAABBwgBrDg8AAQJHR0dHR0dHR0dHRwNHCyABQQFqIQFBkwEhAwzrAQsgAUEBaiEBQZQBIQMM6gELIAFBAWohAUGVASEDDOkBCyABQQFqIQFBlgEhAwzoAQsgASAERgRAQawBIQMMgQILIAEtAABBxQBHDUIgAUEBaiEBDD0LQa0BIQMgASAERg3/ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHNzwBqLQAARw1CIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAyAAgsgAkEANgIAIAZBAWohAUEODEMLIAEgBEYEQEGuASEDDP8BCyABLQAAQdAARw1AIAFBAWohAUElDEILQa8BIQMgASAERg39ASACKAIAIgAgBCABa2ohBSABIABrQQhqIQYCQANAIAEtAAAgAEHQzwBqLQAARw1AIABBCEYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz+AQsgAkEANgIAIAZBAWohAUEqDEELIAEgBEYEQEGwASEDDP0BCwJAAkAgAS0AAEHVAGsOCwBAQEBAQEBAQEABQAsgAUEBaiEBQZoBIQMM5AELIAFBAWohAUGbASEDDOMBCyABIARGBEBBsQEhAwz8AQsCQAJAIAEtAABBwQBrDhQAPz8/Pz8/Pz8/Pz8/Pz8/Pz8/AT8LIAFBAWohAUGZASEDDOMBCyABQQFqIQFBnAEhAwziAQtBsgEhAyABIARGDfoBIAIoAgAiACAEIAFraiEFIAEgAGtBA2ohBgJAA0AgAS0AACAAQdnPAGotAABHDT0gAEEDRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPsBCyACQQA2AgAgBkEBaiEBQSEMPgtBswEhAyABIARGDfkBIAIoAgAiACAEIAFraiEFIAEgAGtBBmohBgJAA0AgAS0AACAAQd3PAGotAABHDTwgAEEGRg0BIABBAWohACAEIAFBAWoiAUcNAAsgAiAFNgIADPoBCyACQQA2AgAgBkEBaiEBQRoMPQsgASAERgRAQbQBIQMM+QELAkACQAJAIAEtAABBxQBrDhEAPT09PT09PT09AT09PT09Aj0LIAFBAWohAUGdASEDDOEBCyABQQFqIQFBngEhAwzgAQsgAUEBaiEBQZ8BIQMM3wELQbUBIQMgASAERg33ASACKAIAIgAgBCABa2ohBSABIABrQQVqIQYCQANAIAEtAAAgAEHkzwBqLQAARw06IABBBUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz4AQsgAkEANgIAIAZBAWohAUEoDDsLQbYBIQMgASAERg32ASACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEHqzwBqLQAARw05IABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAz3AQsgAkEANgIAIAZBAWohAUEHDDoLIAEgBEYEQEG3ASEDDPYBCwJAAkAgAS0AAEHFAGsODgA5OTk5OTk5OTk5OTkBOQsgAUEBaiEBQaEBIQMM3QELIAFBAWohAUGiASEDDNwBC0G4ASEDIAEgBEYN9AEgAigCACIAIAQgAWtqIQUgASAAa0ECaiEGAkADQCABLQAAIABB7c8Aai0AAEcNNyAAQQJGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9QELIAJBADYCACAGQQFqIQFBEgw4C0G5ASEDIAEgBEYN8wEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8M8Aai0AAEcNNiAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM9AELIAJBADYCACAGQQFqIQFBIAw3C0G6ASEDIAEgBEYN8gEgAigCACIAIAQgAWtqIQUgASAAa0EBaiEGAkADQCABLQAAIABB8s8Aai0AAEcNNSAAQQFGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8wELIAJBADYCACAGQQFqIQFBDww2CyABIARGBEBBuwEhAwzyAQsCQAJAIAEtAABByQBrDgcANTU1NTUBNQsgAUEBaiEBQaUBIQMM2QELIAFBAWohAUGmASEDDNgBC0G8ASEDIAEgBEYN8AEgAigCACIAIAQgAWtqIQUgASAAa0EHaiEGAkADQCABLQAAIABB9M8Aai0AAEcNMyAAQQdGDQEgAEEBaiEAIAQgAUEBaiIBRw0ACyACIAU2AgAM8QELIAJBADYCACAGQQFqIQFBGww0CyABIARGBEBBvQEhAwzwAQsCQAJAAkAgAS0AAEHCAGsOEgA0NDQ0NDQ0NDQBNDQ0NDQ0AjQLIAFBAWohAUGkASEDDNgBCyABQQFqIQFBpwEhAwzXAQsgAUEBaiEBQagBIQMM1gELIAEgBEYEQEG+ASEDDO8BCyABLQAAQc4ARw0wIAFBAWohAQwsCyABIARGBEBBvwEhAwzuAQsCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCABLQAAQcEAaw4VAAECAz8EBQY/Pz8HCAkKCz8MDQ4PPwsgAUEBaiEBQegAIQMM4wELIAFBAWohAUHpACEDDOIBCyABQQFqIQFB7gAhAwzhAQsgAUEBaiEBQfIAIQMM4AELIAFBAWohAUHzACEDDN8BCyABQQFqIQFB9gAhAwzeAQsgAUEBaiEBQfcAIQMM3QELIAFBAWohAUH6ACEDDNwBCyABQQFqIQFBgwEhAwzbAQsgAUEBaiEBQYQBIQMM2gELIAFBAWohAUGFASEDDNkBCyABQQFqIQFBkgEhAwzYAQsgAUEBaiEBQZgBIQMM1wELIAFBAWohAUGgASEDDNYBCyABQQFqIQFBowEhAwzVAQsgAUEBaiEBQaoBIQMM1AELIAEgBEcEQCACQRA2AgggAiABNgIEQasBIQMM1AELQcABIQMM7AELQQAhAAJAIAIoAjgiA0UNACADKAI0IgNFDQAgAiADEQAAIQALIABFDV4gAEEVRw0HIAJB0QA2AhwgAiABNgIUIAJBsBc2AhAgAkEVNgIMQQAhAwzrAQsgAUEBaiABIARHDQgaQcIBIQMM6gELA0ACQCABLQAAQQprDgQIAAALAAsgBCABQQFqIgFHDQALQcMBIQMM6QELIAEgBEcEQCACQRE2AgggAiABNgIEQQEhAwzQAQtBxAEhAwzoAQsgASAERgRAQcUBIQMM6AELAkACQCABLQAAQQprDgQBKCgAKAsgAUEBagwJCyABQQFqDAULIAEgBEYEQEHGASEDDOcBCwJAAkAgAS0AAEEKaw4XAQsLAQsLCwsLCwsLCwsLCwsLCwsLCwALCyABQQFqIQELQbABIQMMzQELIAEgBEYEQEHIASEDDOYBCyABLQAAQSBHDQkgAkEAOwEyIAFBAWohAUGzASEDDMwBCwNAIAEhAAJAIAEgBEcEQCABLQAAQTBrQf8BcSIDQQpJDQEMJwtBxwEhAwzmAQsCQCACLwEyIgFBmTNLDQAgAiABQQpsIgU7ATIgBUH+/wNxIANB//8Dc0sNACAAQQFqIQEgAiADIAVqIgM7ATIgA0H//wNxQegHSQ0BCwtBACEDIAJBADYCHCACQcEJNgIQIAJBDTYCDCACIABBAWo2AhQM5AELIAJBADYCHCACIAE2AhQgAkHwDDYCECACQRs2AgxBACEDDOMBCyACKAIEIQAgAkEANgIEIAIgACABECYiAA0BIAFBAWoLIQFBrQEhAwzIAQsgAkHBATYCHCACIAA2AgwgAiABQQFqNgIUQQAhAwzgAQsgAigCBCEAIAJBADYCBCACIAAgARAmIgANASABQQFqCyEBQa4BIQMMxQELIAJBwgE2AhwgAiAANgIMIAIgAUEBajYCFEEAIQMM3QELIAJBADYCHCACIAE2AhQgAkGXCzYCECACQQ02AgxBACEDDNwBCyACQQA2AhwgAiABNgIUIAJB4xA2AhAgAkEJNgIMQQAhAwzbAQsgAkECOgAoDKwBC0EAIQMgAkEANgIcIAJBrws2AhAgAkECNgIMIAIgAUEBajYCFAzZAQtBAiEDDL8BC0ENIQMMvgELQSYhAwy9AQtBFSEDDLwBC0EWIQMMuwELQRghAwy6AQtBHCEDDLkBC0EdIQMMuAELQSAhAwy3AQtBISEDDLYBC0EjIQMMtQELQcYAIQMMtAELQS4hAwyzAQtBPSEDDLIBC0HLACEDDLEBC0HOACEDDLABC0HYACEDDK8BC0HZACEDDK4BC0HbACEDDK0BC0HxACEDDKwBC0H0ACEDDKsBC0GNASEDDKoBC0GXASEDDKkBC0GpASEDDKgBC0GvASEDDKcBC0GxASEDDKYBCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB8Rs2AhAgAkEGNgIMDL0BCyACQQA2AgAgBkEBaiEBQSQLOgApIAIoAgQhACACQQA2AgQgAiAAIAEQJyIARQRAQeUAIQMMowELIAJB+QA2AhwgAiABNgIUIAIgADYCDEEAIQMMuwELIABBFUcEQCACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwy7AQsgAkH4ADYCHCACIAE2AhQgAkHKGDYCECACQRU2AgxBACEDDLoBCyACQQA2AhwgAiABNgIUIAJBjhs2AhAgAkEGNgIMQQAhAwy5AQsgAkEANgIcIAIgATYCFCACQf4RNgIQIAJBBzYCDEEAIQMMuAELIAJBADYCHCACIAE2AhQgAkGMHDYCECACQQc2AgxBACEDDLcBCyACQQA2AhwgAiABNgIUIAJBww82AhAgAkEHNgIMQQAhAwy2AQsgAkEANgIcIAIgATYCFCACQcMPNgIQIAJBBzYCDEEAIQMMtQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0RIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMtAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0gIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMswELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0iIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMsgELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0OIAJB5QA2AhwgAiABNgIUIAIgADYCDEEAIQMMsQELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0dIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMsAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0fIAJB0gA2AhwgAiABNgIUIAIgADYCDEEAIQMMrwELIABBP0cNASABQQFqCyEBQQUhAwyUAQtBACEDIAJBADYCHCACIAE2AhQgAkH9EjYCECACQQc2AgwMrAELIAJBADYCHCACIAE2AhQgAkHcCDYCECACQQc2AgxBACEDDKsBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNByACQeUANgIcIAIgATYCFCACIAA2AgxBACEDDKoBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNFiACQdMANgIcIAIgATYCFCACIAA2AgxBACEDDKkBCyACKAIEIQAgAkEANgIEIAIgACABECUiAEUNGCACQdIANgIcIAIgATYCFCACIAA2AgxBACEDDKgBCyACQQA2AhwgAiABNgIUIAJBxgo2AhAgAkEHNgIMQQAhAwynAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQMgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwymAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRIgAkHTADYCHCACIAE2AhQgAiAANgIMQQAhAwylAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDRQgAkHSADYCHCACIAE2AhQgAiAANgIMQQAhAwykAQsgAigCBCEAIAJBADYCBCACIAAgARAlIgBFDQAgAkHlADYCHCACIAE2AhQgAiAANgIMQQAhAwyjAQtB1QAhAwyJAQsgAEEVRwRAIAJBADYCHCACIAE2AhQgAkG5DTYCECACQRo2AgxBACEDDKIBCyACQeQANgIcIAIgATYCFCACQeMXNgIQIAJBFTYCDEEAIQMMoQELIAJBADYCACAGQQFqIQEgAi0AKSIAQSNrQQtJDQQCQCAAQQZLDQBBASAAdEHKAHFFDQAMBQtBACEDIAJBADYCHCACIAE2AhQgAkH3CTYCECACQQg2AgwMoAELIAJBADYCACAGQQFqIQEgAi0AKUEhRg0DIAJBADYCHCACIAE2AhQgAkGbCjYCECACQQg2AgxBACEDDJ8BCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJBkDM2AhAgAkEINgIMDJ0BCyACQQA2AgAgBkEBaiEBIAItAClBI0kNACACQQA2AhwgAiABNgIUIAJB0wk2AhAgAkEINgIMQQAhAwycAQtB0QAhAwyCAQsgAS0AAEEwayIAQf8BcUEKSQRAIAIgADoAKiABQQFqIQFBzwAhAwyCAQsgAigCBCEAIAJBADYCBCACIAAgARAoIgBFDYYBIAJB3gA2AhwgAiABNgIUIAIgADYCDEEAIQMMmgELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ2GASACQdwANgIcIAIgATYCFCACIAA2AgxBACEDDJkBCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMhwELIAJB2gA2AhwgAiAFNgIUIAIgADYCDAyYAQtBACEBQQEhAwsgAiADOgArIAVBAWohAwJAAkACQCACLQAtQRBxDQACQAJAAkAgAi0AKg4DAQACBAsgBkUNAwwCCyAADQEMAgsgAUUNAQsgAigCBCEAIAJBADYCBCACIAAgAxAoIgBFBEAgAyEBDAILIAJB2AA2AhwgAiADNgIUIAIgADYCDEEAIQMMmAELIAIoAgQhACACQQA2AgQgAiAAIAMQKCIARQRAIAMhAQyHAQsgAkHZADYCHCACIAM2AhQgAiAANgIMQQAhAwyXAQtBzAAhAwx9CyAAQRVHBEAgAkEANgIcIAIgATYCFCACQZQNNgIQIAJBITYCDEEAIQMMlgELIAJB1wA2AhwgAiABNgIUIAJByRc2AhAgAkEVNgIMQQAhAwyVAQtBACEDIAJBADYCHCACIAE2AhQgAkGAETYCECACQQk2AgwMlAELIAIoAgQhACACQQA2AgQgAiAAIAEQJSIARQ0AIAJB0wA2AhwgAiABNgIUIAIgADYCDEEAIQMMkwELQckAIQMMeQsgAkEANgIcIAIgATYCFCACQcEoNgIQIAJBBzYCDCACQQA2AgBBACEDDJEBCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAlIgBFDQAgAkHSADYCHCACIAE2AhQgAiAANgIMDJABC0HIACEDDHYLIAJBADYCACAFIQELIAJBgBI7ASogAUEBaiEBQQAhAAJAIAIoAjgiA0UNACADKAIwIgNFDQAgAiADEQAAIQALIAANAQtBxwAhAwxzCyAAQRVGBEAgAkHRADYCHCACIAE2AhQgAkHjFzYCECACQRU2AgxBACEDDIwBC0EAIQMgAkEANgIcIAIgATYCFCACQbkNNgIQIAJBGjYCDAyLAQtBACEDIAJBADYCHCACIAE2AhQgAkGgGTYCECACQR42AgwMigELIAEtAABBOkYEQCACKAIEIQBBACEDIAJBADYCBCACIAAgARApIgBFDQEgAkHDADYCHCACIAA2AgwgAiABQQFqNgIUDIoBC0EAIQMgAkEANgIcIAIgATYCFCACQbERNgIQIAJBCjYCDAyJAQsgAUEBaiEBQTshAwxvCyACQcMANgIcIAIgADYCDCACIAFBAWo2AhQMhwELQQAhAyACQQA2AhwgAiABNgIUIAJB8A42AhAgAkEcNgIMDIYBCyACIAIvATBBEHI7ATAMZgsCQCACLwEwIgBBCHFFDQAgAi0AKEEBRw0AIAItAC1BCHFFDQMLIAIgAEH3+wNxQYAEcjsBMAwECyABIARHBEACQANAIAEtAABBMGsiAEH/AXFBCk8EQEE1IQMMbgsgAikDICIKQpmz5syZs+bMGVYNASACIApCCn4iCjcDICAKIACtQv8BgyILQn+FVg0BIAIgCiALfDcDICAEIAFBAWoiAUcNAAtBOSEDDIUBCyACKAIEIQBBACEDIAJBADYCBCACIAAgAUEBaiIBECoiAA0MDHcLQTkhAwyDAQsgAi0AMEEgcQ0GQcUBIQMMaQtBACEDIAJBADYCBCACIAEgARAqIgBFDQQgAkE6NgIcIAIgADYCDCACIAFBAWo2AhQMgQELIAItAChBAUcNACACLQAtQQhxRQ0BC0E3IQMMZgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIABEAgAkE7NgIcIAIgADYCDCACIAFBAWo2AhQMfwsgAUEBaiEBDG4LIAJBCDoALAwECyABQQFqIQEMbQtBACEDIAJBADYCHCACIAE2AhQgAkHkEjYCECACQQQ2AgwMewsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ1sIAJBNzYCHCACIAE2AhQgAiAANgIMDHoLIAIgAi8BMEEgcjsBMAtBMCEDDF8LIAJBNjYCHCACIAE2AhQgAiAANgIMDHcLIABBLEcNASABQQFqIQBBASEBAkACQAJAAkACQCACLQAsQQVrDgQDAQIEAAsgACEBDAQLQQIhAQwBC0EEIQELIAJBAToALCACIAIvATAgAXI7ATAgACEBDAELIAIgAi8BMEEIcjsBMCAAIQELQTkhAwxcCyACQQA6ACwLQTQhAwxaCyABIARGBEBBLSEDDHMLAkACQANAAkAgAS0AAEEKaw4EAgAAAwALIAQgAUEBaiIBRw0AC0EtIQMMdAsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIARQ0CIAJBLDYCHCACIAE2AhQgAiAANgIMDHMLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAS0AAEENRgRAIAIoAgQhAEEAIQMgAkEANgIEIAIgACABECoiAEUEQCABQQFqIQEMAgsgAkEsNgIcIAIgADYCDCACIAFBAWo2AhQMcgsgAi0ALUEBcQRAQcQBIQMMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKiIADQEMZQtBLyEDDFcLIAJBLjYCHCACIAE2AhQgAiAANgIMDG8LQQAhAyACQQA2AhwgAiABNgIUIAJB8BQ2AhAgAkEDNgIMDG4LQQEhAwJAAkACQAJAIAItACxBBWsOBAMBAgAECyACIAIvATBBCHI7ATAMAwtBAiEDDAELQQQhAwsgAkEBOgAsIAIgAi8BMCADcjsBMAtBKiEDDFMLQQAhAyACQQA2AhwgAiABNgIUIAJB4Q82AhAgAkEKNgIMDGsLQQEhAwJAAkACQAJAAkACQCACLQAsQQJrDgcFBAQDAQIABAsgAiACLwEwQQhyOwEwDAMLQQIhAwwBC0EEIQMLIAJBAToALCACIAIvATAgA3I7ATALQSshAwxSC0EAIQMgAkEANgIcIAIgATYCFCACQasSNgIQIAJBCzYCDAxqC0EAIQMgAkEANgIcIAIgATYCFCACQf0NNgIQIAJBHTYCDAxpCyABIARHBEADQCABLQAAQSBHDUggBCABQQFqIgFHDQALQSUhAwxpC0ElIQMMaAsgAi0ALUEBcQRAQcMBIQMMTwsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQKSIABEAgAkEmNgIcIAIgADYCDCACIAFBAWo2AhQMaAsgAUEBaiEBDFwLIAFBAWohASACLwEwIgBBgAFxBEBBACEAAkAgAigCOCIDRQ0AIAMoAlQiA0UNACACIAMRAAAhAAsgAEUNBiAAQRVHDR8gAkEFNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMZwsCQCAAQaAEcUGgBEcNACACLQAtQQJxDQBBACEDIAJBADYCHCACIAE2AhQgAkGWEzYCECACQQQ2AgwMZwsgAgJ/IAIvATBBFHFBFEYEQEEBIAItAChBAUYNARogAi8BMkHlAEYMAQsgAi0AKUEFRgs6AC5BACEAAkAgAigCOCIDRQ0AIAMoAiQiA0UNACACIAMRAAAhAAsCQAJAAkACQAJAIAAOFgIBAAQEBAQEBAQEBAQEBAQEBAQEBAMECyACQQE6AC4LIAIgAi8BMEHAAHI7ATALQSchAwxPCyACQSM2AhwgAiABNgIUIAJBpRY2AhAgAkEVNgIMQQAhAwxnC0EAIQMgAkEANgIcIAIgATYCFCACQdULNgIQIAJBETYCDAxmC0EAIQACQCACKAI4IgNFDQAgAygCLCIDRQ0AIAIgAxEAACEACyAADQELQQ4hAwxLCyAAQRVGBEAgAkECNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMZAtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMYwtBACEDIAJBADYCHCACIAE2AhQgAkGqHDYCECACQQ82AgwMYgsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEgCqdqIgEQKyIARQ0AIAJBBTYCHCACIAE2AhQgAiAANgIMDGELQQ8hAwxHC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxfC0IBIQoLIAFBAWohAQJAIAIpAyAiC0L//////////w9YBEAgAiALQgSGIAqENwMgDAELQQAhAyACQQA2AhwgAiABNgIUIAJBrQk2AhAgAkEMNgIMDF4LQSQhAwxEC0EAIQMgAkEANgIcIAIgATYCFCACQc0TNgIQIAJBDDYCDAxcCyACKAIEIQBBACEDIAJBADYCBCACIAAgARAsIgBFBEAgAUEBaiEBDFILIAJBFzYCHCACIAA2AgwgAiABQQFqNgIUDFsLIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQRY2AhwgAiAANgIMIAIgAUEBajYCFAxbC0EfIQMMQQtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMWQsgAigCBCEAQQAhAyACQQA2AgQgAiAAIAEQLSIARQRAIAFBAWohAQxQCyACQRQ2AhwgAiAANgIMIAIgAUEBajYCFAxYCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABEC0iAEUEQCABQQFqIQEMAQsgAkETNgIcIAIgADYCDCACIAFBAWo2AhQMWAtBHiEDDD4LQQAhAyACQQA2AhwgAiABNgIUIAJBxgw2AhAgAkEjNgIMDFYLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABEC0iAEUEQCABQQFqIQEMTgsgAkERNgIcIAIgADYCDCACIAFBAWo2AhQMVQsgAkEQNgIcIAIgATYCFCACIAA2AgwMVAtBACEDIAJBADYCHCACIAE2AhQgAkHGDDYCECACQSM2AgwMUwtBACEDIAJBADYCHCACIAE2AhQgAkHAFTYCECACQQI2AgwMUgsgAigCBCEAQQAhAyACQQA2AgQCQCACIAAgARAtIgBFBEAgAUEBaiEBDAELIAJBDjYCHCACIAA2AgwgAiABQQFqNgIUDFILQRshAww4C0EAIQMgAkEANgIcIAIgATYCFCACQcYMNgIQIAJBIzYCDAxQCyACKAIEIQBBACEDIAJBADYCBAJAIAIgACABECwiAEUEQCABQQFqIQEMAQsgAkENNgIcIAIgADYCDCACIAFBAWo2AhQMUAtBGiEDDDYLQQAhAyACQQA2AhwgAiABNgIUIAJBmg82AhAgAkEiNgIMDE4LIAIoAgQhAEEAIQMgAkEANgIEAkAgAiAAIAEQLCIARQRAIAFBAWohAQwBCyACQQw2AhwgAiAANgIMIAIgAUEBajYCFAxOC0EZIQMMNAtBACEDIAJBADYCHCACIAE2AhQgAkGaDzYCECACQSI2AgwMTAsgAEEVRwRAQQAhAyACQQA2AhwgAiABNgIUIAJBgww2AhAgAkETNgIMDEwLIAJBCjYCHCACIAE2AhQgAkHkFjYCECACQRU2AgxBACEDDEsLIAIoAgQhAEEAIQMgAkEANgIEIAIgACABIAqnaiIBECsiAARAIAJBBzYCHCACIAE2AhQgAiAANgIMDEsLQRMhAwwxCyAAQRVHBEBBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMSgsgAkEeNgIcIAIgATYCFCACQfkXNgIQIAJBFTYCDEEAIQMMSQtBACEAAkAgAigCOCIDRQ0AIAMoAiwiA0UNACACIAMRAAAhAAsgAEUNQSAAQRVGBEAgAkEDNgIcIAIgATYCFCACQbAYNgIQIAJBFTYCDEEAIQMMSQtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMSAtBACEDIAJBADYCHCACIAE2AhQgAkHaDTYCECACQRQ2AgwMRwtBACEDIAJBADYCHCACIAE2AhQgAkGnDjYCECACQRI2AgwMRgsgAkEAOgAvIAItAC1BBHFFDT8LIAJBADoALyACQQE6ADRBACEDDCsLQQAhAyACQQA2AhwgAkHkETYCECACQQc2AgwgAiABQQFqNgIUDEMLAkADQAJAIAEtAABBCmsOBAACAgACCyAEIAFBAWoiAUcNAAtB3QEhAwxDCwJAAkAgAi0ANEEBRw0AQQAhAAJAIAIoAjgiA0UNACADKAJYIgNFDQAgAiADEQAAIQALIABFDQAgAEEVRw0BIAJB3AE2AhwgAiABNgIUIAJB1RY2AhAgAkEVNgIMQQAhAwxEC0HBASEDDCoLIAJBADYCHCACIAE2AhQgAkHpCzYCECACQR82AgxBACEDDEILAkACQCACLQAoQQFrDgIEAQALQcABIQMMKQtBuQEhAwwoCyACQQI6AC9BACEAAkAgAigCOCIDRQ0AIAMoAgAiA0UNACACIAMRAAAhAAsgAEUEQEHCASEDDCgLIABBFUcEQCACQQA2AhwgAiABNgIUIAJBpAw2AhAgAkEQNgIMQQAhAwxBCyACQdsBNgIcIAIgATYCFCACQfoWNgIQIAJBFTYCDEEAIQMMQAsgASAERgRAQdoBIQMMQAsgAS0AAEHIAEYNASACQQE6ACgLQawBIQMMJQtBvwEhAwwkCyABIARHBEAgAkEQNgIIIAIgATYCBEG+ASEDDCQLQdkBIQMMPAsgASAERgRAQdgBIQMMPAsgAS0AAEHIAEcNBCABQQFqIQFBvQEhAwwiCyABIARGBEBB1wEhAww7CwJAAkAgAS0AAEHFAGsOEAAFBQUFBQUFBQUFBQUFBQEFCyABQQFqIQFBuwEhAwwiCyABQQFqIQFBvAEhAwwhC0HWASEDIAEgBEYNOSACKAIAIgAgBCABa2ohBSABIABrQQJqIQYCQANAIAEtAAAgAEGD0ABqLQAARw0DIABBAkYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw6CyACKAIEIQAgAkIANwMAIAIgACAGQQFqIgEQJyIARQRAQcYBIQMMIQsgAkHVATYCHCACIAE2AhQgAiAANgIMQQAhAww5C0HUASEDIAEgBEYNOCACKAIAIgAgBCABa2ohBSABIABrQQFqIQYCQANAIAEtAAAgAEGB0ABqLQAARw0CIABBAUYNASAAQQFqIQAgBCABQQFqIgFHDQALIAIgBTYCAAw5CyACQYEEOwEoIAIoAgQhACACQgA3AwAgAiAAIAZBAWoiARAnIgANAwwCCyACQQA2AgALQQAhAyACQQA2AhwgAiABNgIUIAJB2Bs2AhAgAkEINgIMDDYLQboBIQMMHAsgAkHTATYCHCACIAE2AhQgAiAANgIMQQAhAww0C0EAIQACQCACKAI4IgNFDQAgAygCOCIDRQ0AIAIgAxEAACEACyAARQ0AIABBFUYNASACQQA2AhwgAiABNgIUIAJBzA42AhAgAkEgNgIMQQAhAwwzC0HkACEDDBkLIAJB+AA2AhwgAiABNgIUIAJByhg2AhAgAkEVNgIMQQAhAwwxC0HSASEDIAQgASIARg0wIAQgAWsgAigCACIBaiEFIAAgAWtBBGohBgJAA0AgAC0AACABQfzPAGotAABHDQEgAUEERg0DIAFBAWohASAEIABBAWoiAEcNAAsgAiAFNgIADDELIAJBADYCHCACIAA2AhQgAkGQMzYCECACQQg2AgwgAkEANgIAQQAhAwwwCyABIARHBEAgAkEONgIIIAIgATYCBEG3ASEDDBcLQdEBIQMMLwsgAkEANgIAIAZBAWohAQtBuAEhAwwUCyABIARGBEBB0AEhAwwtCyABLQAAQTBrIgBB/wFxQQpJBEAgAiAAOgAqIAFBAWohAUG2ASEDDBQLIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0UIAJBzwE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAsgASAERgRAQc4BIQMMLAsCQCABLQAAQS5GBEAgAUEBaiEBDAELIAIoAgQhACACQQA2AgQgAiAAIAEQKCIARQ0VIAJBzQE2AhwgAiABNgIUIAIgADYCDEEAIQMMLAtBtQEhAwwSCyAEIAEiBUYEQEHMASEDDCsLQQAhAEEBIQFBASEGQQAhAwJAAkACQAJAAkACfwJAAkACQAJAAkACQAJAIAUtAABBMGsOCgoJAAECAwQFBggLC0ECDAYLQQMMBQtBBAwEC0EFDAMLQQYMAgtBBwwBC0EICyEDQQAhAUEAIQYMAgtBCSEDQQEhAEEAIQFBACEGDAELQQAhAUEBIQMLIAIgAzoAKyAFQQFqIQMCQAJAIAItAC1BEHENAAJAAkACQCACLQAqDgMBAAIECyAGRQ0DDAILIAANAQwCCyABRQ0BCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMAwsgAkHJATYCHCACIAM2AhQgAiAANgIMQQAhAwwtCyACKAIEIQAgAkEANgIEIAIgACADECgiAEUEQCADIQEMGAsgAkHKATYCHCACIAM2AhQgAiAANgIMQQAhAwwsCyACKAIEIQAgAkEANgIEIAIgACAFECgiAEUEQCAFIQEMFgsgAkHLATYCHCACIAU2AhQgAiAANgIMDCsLQbQBIQMMEQtBACEAAkAgAigCOCIDRQ0AIAMoAjwiA0UNACACIAMRAAAhAAsCQCAABEAgAEEVRg0BIAJBADYCHCACIAE2AhQgAkGUDTYCECACQSE2AgxBACEDDCsLQbIBIQMMEQsgAkHIATYCHCACIAE2AhQgAkHJFzYCECACQRU2AgxBACEDDCkLIAJBADYCACAGQQFqIQFB9QAhAwwPCyACLQApQQVGBEBB4wAhAwwPC0HiACEDDA4LIAAhASACQQA2AgALIAJBADoALEEJIQMMDAsgAkEANgIAIAdBAWohAUHAACEDDAsLQQELOgAsIAJBADYCACAGQQFqIQELQSkhAwwIC0E4IQMMBwsCQCABIARHBEADQCABLQAAQYA+ai0AACIAQQFHBEAgAEECRw0DIAFBAWohAQwFCyAEIAFBAWoiAUcNAAtBPiEDDCELQT4hAwwgCwsgAkEAOgAsDAELQQshAwwEC0E6IQMMAwsgAUEBaiEBQS0hAwwCCyACIAE6ACwgAkEANgIAIAZBAWohAUEMIQMMAQsgAkEANgIAIAZBAWohAUEKIQMMAAsAC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwXC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwWC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwVC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwUC0EAIQMgAkEANgIcIAIgATYCFCACQc0QNgIQIAJBCTYCDAwTC0EAIQMgAkEANgIcIAIgATYCFCACQekKNgIQIAJBCTYCDAwSC0EAIQMgAkEANgIcIAIgATYCFCACQbcQNgIQIAJBCTYCDAwRC0EAIQMgAkEANgIcIAIgATYCFCACQZwRNgIQIAJBCTYCDAwQC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwPC0EAIQMgAkEANgIcIAIgATYCFCACQZcVNgIQIAJBDzYCDAwOC0EAIQMgAkEANgIcIAIgATYCFCACQcASNgIQIAJBCzYCDAwNC0EAIQMgAkEANgIcIAIgATYCFCACQZUJNgIQIAJBCzYCDAwMC0EAIQMgAkEANgIcIAIgATYCFCACQeEPNgIQIAJBCjYCDAwLC0EAIQMgAkEANgIcIAIgATYCFCACQfsPNgIQIAJBCjYCDAwKC0EAIQMgAkEANgIcIAIgATYCFCACQfEZNgIQIAJBAjYCDAwJC0EAIQMgAkEANgIcIAIgATYCFCACQcQUNgIQIAJBAjYCDAwIC0EAIQMgAkEANgIcIAIgATYCFCACQfIVNgIQIAJBAjYCDAwHCyACQQI2AhwgAiABNgIUIAJBnBo2AhAgAkEWNgIMQQAhAwwGC0EBIQMMBQtB1AAhAyABIARGDQQgCEEIaiEJIAIoAgAhBQJAAkAgASAERwRAIAVB2MIAaiEHIAQgBWogAWshACAFQX9zQQpqIgUgAWohBgNAIAEtAAAgBy0AAEcEQEECIQcMAwsgBUUEQEEAIQcgBiEBDAMLIAVBAWshBSAHQQFqIQcgBCABQQFqIgFHDQALIAAhBSAEIQELIAlBATYCACACIAU2AgAMAQsgAkEANgIAIAkgBzYCAAsgCSABNgIEIAgoAgwhACAIKAIIDgMBBAIACwALIAJBADYCHCACQbUaNgIQIAJBFzYCDCACIABBAWo2AhRBACEDDAILIAJBADYCHCACIAA2AhQgAkHKGjYCECACQQk2AgxBACEDDAELIAEgBEYEQEEiIQMMAQsgAkEJNgIIIAIgATYCBEEhIQMLIAhBEGokACADRQRAIAIoAgwhAAwBCyACIAM2AhxBACEAIAIoAgQiAUUNACACIAEgBCACKAIIEQEAIgFFDQAgAiAENgIUIAIgATYCDCABIQALIAALvgIBAn8gAEEAOgAAIABB3ABqIgFBAWtBADoAACAAQQA6AAIgAEEAOgABIAFBA2tBADoAACABQQJrQQA6AAAgAEEAOgADIAFBBGtBADoAAEEAIABrQQNxIgEgAGoiAEEANgIAQdwAIAFrQXxxIgIgAGoiAUEEa0EANgIAAkAgAkEJSQ0AIABBADYCCCAAQQA2AgQgAUEIa0EANgIAIAFBDGtBADYCACACQRlJDQAgAEEANgIYIABBADYCFCAAQQA2AhAgAEEANgIMIAFBEGtBADYCACABQRRrQQA2AgAgAUEYa0EANgIAIAFBHGtBADYCACACIABBBHFBGHIiAmsiAUEgSQ0AIAAgAmohAANAIABCADcDGCAAQgA3AxAgAEIANwMIIABCADcDACAAQSBqIQAgAUEgayIBQR9LDQALCwtWAQF/AkAgACgCDA0AAkACQAJAAkAgAC0ALw4DAQADAgsgACgCOCIBRQ0AIAEoAiwiAUUNACAAIAERAAAiAQ0DC0EADwsACyAAQcMWNgIQQQ4hAQsgAQsaACAAKAIMRQRAIABB0Rs2AhAgAEEVNgIMCwsUACAAKAIMQRVGBEAgAEEANgIMCwsUACAAKAIMQRZGBEAgAEEANgIMCwsHACAAKAIMCwcAIAAoAhALCQAgACABNgIQCwcAIAAoAhQLFwAgAEEkTwRAAAsgAEECdEGgM2ooAgALFwAgAEEuTwRAAAsgAEECdEGwNGooAgALvwkBAX9B6yghAQJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAIABB5ABrDvQDY2IAAWFhYWFhYQIDBAVhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhBgcICQoLDA0OD2FhYWFhEGFhYWFhYWFhYWFhEWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYRITFBUWFxgZGhthYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2YTc4OTphYWFhYWFhYTthYWE8YWFhYT0+P2FhYWFhYWFhQGFhQWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYUJDREVGR0hJSktMTU5PUFFSU2FhYWFhYWFhVFVWV1hZWlthXF1hYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFeYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhX2BhC0HhJw8LQaQhDwtByywPC0H+MQ8LQcAkDwtBqyQPC0GNKA8LQeImDwtBgDAPC0G5Lw8LQdckDwtB7x8PC0HhHw8LQfofDwtB8iAPC0GoLw8LQa4yDwtBiDAPC0HsJw8LQYIiDwtBjh0PC0HQLg8LQcojDwtBxTIPC0HfHA8LQdIcDwtBxCAPC0HXIA8LQaIfDwtB7S4PC0GrMA8LQdQlDwtBzC4PC0H6Lg8LQfwrDwtB0jAPC0HxHQ8LQbsgDwtB9ysPC0GQMQ8LQdcxDwtBoi0PC0HUJw8LQeArDwtBnywPC0HrMQ8LQdUfDwtByjEPC0HeJQ8LQdQeDwtB9BwPC0GnMg8LQbEdDwtBoB0PC0G5MQ8LQbwwDwtBkiEPC0GzJg8LQeksDwtBrB4PC0HUKw8LQfcmDwtBgCYPC0GwIQ8LQf4eDwtBjSMPC0GJLQ8LQfciDwtBoDEPC0GuHw8LQcYlDwtB6B4PC0GTIg8LQcIvDwtBwx0PC0GLLA8LQeEdDwtBjS8PC0HqIQ8LQbQtDwtB0i8PC0HfMg8LQdIyDwtB8DAPC0GpIg8LQfkjDwtBmR4PC0G1LA8LQZswDwtBkjIPC0G2Kw8LQcIiDwtB+DIPC0GeJQ8LQdAiDwtBuh4PC0GBHg8LAAtB1iEhAQsgAQsWACAAIAAtAC1B/gFxIAFBAEdyOgAtCxkAIAAgAC0ALUH9AXEgAUEAR0EBdHI6AC0LGQAgACAALQAtQfsBcSABQQBHQQJ0cjoALQsZACAAIAAtAC1B9wFxIAFBAEdBA3RyOgAtCz4BAn8CQCAAKAI4IgNFDQAgAygCBCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBxhE2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCCCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9go2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCDCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7Ro2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCECIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlRA2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCFCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBqhs2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCGCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB7RM2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCKCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABB9gg2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCHCIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBwhk2AhBBGCEECyAECz4BAn8CQCAAKAI4IgNFDQAgAygCICIDRQ0AIAAgASACIAFrIAMRAQAiBEF/Rw0AIABBlBQ2AhBBGCEECyAEC1kBAn8CQCAALQAoQQFGDQAgAC8BMiIBQeQAa0HkAEkNACABQcwBRg0AIAFBsAJGDQAgAC8BMCIAQcAAcQ0AQQEhAiAAQYgEcUGABEYNACAAQShxRSECCyACC4wBAQJ/AkACQAJAIAAtACpFDQAgAC0AK0UNACAALwEwIgFBAnFFDQEMAgsgAC8BMCIBQQFxRQ0BC0EBIQIgAC0AKEEBRg0AIAAvATIiAEHkAGtB5ABJDQAgAEHMAUYNACAAQbACRg0AIAFBwABxDQBBACECIAFBiARxQYAERg0AIAFBKHFBAEchAgsgAgtzACAAQRBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAA/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQTBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQSBq/QwAAAAAAAAAAAAAAAAAAAAA/QsDACAAQd0BNgIcCwYAIAAQMguaLQELfyMAQRBrIgokAEGk0AAoAgAiCUUEQEHk0wAoAgAiBUUEQEHw0wBCfzcCAEHo0wBCgICEgICAwAA3AgBB5NMAIApBCGpBcHFB2KrVqgVzIgU2AgBB+NMAQQA2AgBByNMAQQA2AgALQczTAEGA1AQ2AgBBnNAAQYDUBDYCAEGw0AAgBTYCAEGs0ABBfzYCAEHQ0wBBgKwDNgIAA0AgAUHI0ABqIAFBvNAAaiICNgIAIAIgAUG00ABqIgM2AgAgAUHA0ABqIAM2AgAgAUHQ0ABqIAFBxNAAaiIDNgIAIAMgAjYCACABQdjQAGogAUHM0ABqIgI2AgAgAiADNgIAIAFB1NAAaiACNgIAIAFBIGoiAUGAAkcNAAtBjNQEQcGrAzYCAEGo0ABB9NMAKAIANgIAQZjQAEHAqwM2AgBBpNAAQYjUBDYCAEHM/wdBODYCAEGI1AQhCQsCQAJAAkACQAJAAkACQAJAAkACQAJAAkACQAJAAkACQCAAQewBTQRAQYzQACgCACIGQRAgAEETakFwcSAAQQtJGyIEQQN2IgB2IgFBA3EEQAJAIAFBAXEgAHJBAXMiAkEDdCIAQbTQAGoiASAAQbzQAGooAgAiACgCCCIDRgRAQYzQACAGQX4gAndxNgIADAELIAEgAzYCCCADIAE2AgwLIABBCGohASAAIAJBA3QiAkEDcjYCBCAAIAJqIgAgACgCBEEBcjYCBAwRC0GU0AAoAgAiCCAETw0BIAEEQAJAQQIgAHQiAkEAIAJrciABIAB0cWgiAEEDdCICQbTQAGoiASACQbzQAGooAgAiAigCCCIDRgRAQYzQACAGQX4gAHdxIgY2AgAMAQsgASADNgIIIAMgATYCDAsgAiAEQQNyNgIEIABBA3QiACAEayEFIAAgAmogBTYCACACIARqIgQgBUEBcjYCBCAIBEAgCEF4cUG00ABqIQBBoNAAKAIAIQMCf0EBIAhBA3Z0IgEgBnFFBEBBjNAAIAEgBnI2AgAgAAwBCyAAKAIICyIBIAM2AgwgACADNgIIIAMgADYCDCADIAE2AggLIAJBCGohAUGg0AAgBDYCAEGU0AAgBTYCAAwRC0GQ0AAoAgAiC0UNASALaEECdEG80gBqKAIAIgAoAgRBeHEgBGshBSAAIQIDQAJAIAIoAhAiAUUEQCACQRRqKAIAIgFFDQELIAEoAgRBeHEgBGsiAyAFSSECIAMgBSACGyEFIAEgACACGyEAIAEhAgwBCwsgACgCGCEJIAAoAgwiAyAARwRAQZzQACgCABogAyAAKAIIIgE2AgggASADNgIMDBALIABBFGoiAigCACIBRQRAIAAoAhAiAUUNAyAAQRBqIQILA0AgAiEHIAEiA0EUaiICKAIAIgENACADQRBqIQIgAygCECIBDQALIAdBADYCAAwPC0F/IQQgAEG/f0sNACAAQRNqIgFBcHEhBEGQ0AAoAgAiCEUNAEEAIARrIQUCQAJAAkACf0EAIARBgAJJDQAaQR8gBEH///8HSw0AGiAEQSYgAUEIdmciAGt2QQFxIABBAXRrQT5qCyIGQQJ0QbzSAGooAgAiAkUEQEEAIQFBACEDDAELQQAhASAEQRkgBkEBdmtBACAGQR9HG3QhAEEAIQMDQAJAIAIoAgRBeHEgBGsiByAFTw0AIAIhAyAHIgUNAEEAIQUgAiEBDAMLIAEgAkEUaigCACIHIAcgAiAAQR12QQRxakEQaigCACICRhsgASAHGyEBIABBAXQhACACDQALCyABIANyRQRAQQAhA0ECIAZ0IgBBACAAa3IgCHEiAEUNAyAAaEECdEG80gBqKAIAIQELIAFFDQELA0AgASgCBEF4cSAEayICIAVJIQAgAiAFIAAbIQUgASADIAAbIQMgASgCECIABH8gAAUgAUEUaigCAAsiAQ0ACwsgA0UNACAFQZTQACgCACAEa08NACADKAIYIQcgAyADKAIMIgBHBEBBnNAAKAIAGiAAIAMoAggiATYCCCABIAA2AgwMDgsgA0EUaiICKAIAIgFFBEAgAygCECIBRQ0DIANBEGohAgsDQCACIQYgASIAQRRqIgIoAgAiAQ0AIABBEGohAiAAKAIQIgENAAsgBkEANgIADA0LQZTQACgCACIDIARPBEBBoNAAKAIAIQECQCADIARrIgJBEE8EQCABIARqIgAgAkEBcjYCBCABIANqIAI2AgAgASAEQQNyNgIEDAELIAEgA0EDcjYCBCABIANqIgAgACgCBEEBcjYCBEEAIQBBACECC0GU0AAgAjYCAEGg0AAgADYCACABQQhqIQEMDwtBmNAAKAIAIgMgBEsEQCAEIAlqIgAgAyAEayIBQQFyNgIEQaTQACAANgIAQZjQACABNgIAIAkgBEEDcjYCBCAJQQhqIQEMDwtBACEBIAQCf0Hk0wAoAgAEQEHs0wAoAgAMAQtB8NMAQn83AgBB6NMAQoCAhICAgMAANwIAQeTTACAKQQxqQXBxQdiq1aoFczYCAEH40wBBADYCAEHI0wBBADYCAEGAgAQLIgAgBEHHAGoiBWoiBkEAIABrIgdxIgJPBEBB/NMAQTA2AgAMDwsCQEHE0wAoAgAiAUUNAEG80wAoAgAiCCACaiEAIAAgAU0gACAIS3ENAEEAIQFB/NMAQTA2AgAMDwtByNMALQAAQQRxDQQCQAJAIAkEQEHM0wAhAQNAIAEoAgAiACAJTQRAIAAgASgCBGogCUsNAwsgASgCCCIBDQALC0EAEDMiAEF/Rg0FIAIhBkHo0wAoAgAiAUEBayIDIABxBEAgAiAAayAAIANqQQAgAWtxaiEGCyAEIAZPDQUgBkH+////B0sNBUHE0wAoAgAiAwRAQbzTACgCACIHIAZqIQEgASAHTQ0GIAEgA0sNBgsgBhAzIgEgAEcNAQwHCyAGIANrIAdxIgZB/v///wdLDQQgBhAzIQAgACABKAIAIAEoAgRqRg0DIAAhAQsCQCAGIARByABqTw0AIAFBf0YNAEHs0wAoAgAiACAFIAZrakEAIABrcSIAQf7///8HSwRAIAEhAAwHCyAAEDNBf0cEQCAAIAZqIQYgASEADAcLQQAgBmsQMxoMBAsgASIAQX9HDQUMAwtBACEDDAwLQQAhAAwKCyAAQX9HDQILQcjTAEHI0wAoAgBBBHI2AgALIAJB/v///wdLDQEgAhAzIQBBABAzIQEgAEF/Rg0BIAFBf0YNASAAIAFPDQEgASAAayIGIARBOGpNDQELQbzTAEG80wAoAgAgBmoiATYCAEHA0wAoAgAgAUkEQEHA0wAgATYCAAsCQAJAAkBBpNAAKAIAIgIEQEHM0wAhAQNAIAAgASgCACIDIAEoAgQiBWpGDQIgASgCCCIBDQALDAILQZzQACgCACIBQQBHIAAgAU9xRQRAQZzQACAANgIAC0EAIQFB0NMAIAY2AgBBzNMAIAA2AgBBrNAAQX82AgBBsNAAQeTTACgCADYCAEHY0wBBADYCAANAIAFByNAAaiABQbzQAGoiAjYCACACIAFBtNAAaiIDNgIAIAFBwNAAaiADNgIAIAFB0NAAaiABQcTQAGoiAzYCACADIAI2AgAgAUHY0ABqIAFBzNAAaiICNgIAIAIgAzYCACABQdTQAGogAjYCACABQSBqIgFBgAJHDQALQXggAGtBD3EiASAAaiICIAZBOGsiAyABayIBQQFyNgIEQajQAEH00wAoAgA2AgBBmNAAIAE2AgBBpNAAIAI2AgAgACADakE4NgIEDAILIAAgAk0NACACIANJDQAgASgCDEEIcQ0AQXggAmtBD3EiACACaiIDQZjQACgCACAGaiIHIABrIgBBAXI2AgQgASAFIAZqNgIEQajQAEH00wAoAgA2AgBBmNAAIAA2AgBBpNAAIAM2AgAgAiAHakE4NgIEDAELIABBnNAAKAIASQRAQZzQACAANgIACyAAIAZqIQNBzNMAIQECQAJAAkADQCADIAEoAgBHBEAgASgCCCIBDQEMAgsLIAEtAAxBCHFFDQELQczTACEBA0AgASgCACIDIAJNBEAgAyABKAIEaiIFIAJLDQMLIAEoAgghAQwACwALIAEgADYCACABIAEoAgQgBmo2AgQgAEF4IABrQQ9xaiIJIARBA3I2AgQgA0F4IANrQQ9xaiIGIAQgCWoiBGshASACIAZGBEBBpNAAIAQ2AgBBmNAAQZjQACgCACABaiIANgIAIAQgAEEBcjYCBAwIC0Gg0AAoAgAgBkYEQEGg0AAgBDYCAEGU0ABBlNAAKAIAIAFqIgA2AgAgBCAAQQFyNgIEIAAgBGogADYCAAwICyAGKAIEIgVBA3FBAUcNBiAFQXhxIQggBUH/AU0EQCAFQQN2IQMgBigCCCIAIAYoAgwiAkYEQEGM0ABBjNAAKAIAQX4gA3dxNgIADAcLIAIgADYCCCAAIAI2AgwMBgsgBigCGCEHIAYgBigCDCIARwRAIAAgBigCCCICNgIIIAIgADYCDAwFCyAGQRRqIgIoAgAiBUUEQCAGKAIQIgVFDQQgBkEQaiECCwNAIAIhAyAFIgBBFGoiAigCACIFDQAgAEEQaiECIAAoAhAiBQ0ACyADQQA2AgAMBAtBeCAAa0EPcSIBIABqIgcgBkE4ayIDIAFrIgFBAXI2AgQgACADakE4NgIEIAIgBUE3IAVrQQ9xakE/ayIDIAMgAkEQakkbIgNBIzYCBEGo0ABB9NMAKAIANgIAQZjQACABNgIAQaTQACAHNgIAIANBEGpB1NMAKQIANwIAIANBzNMAKQIANwIIQdTTACADQQhqNgIAQdDTACAGNgIAQczTACAANgIAQdjTAEEANgIAIANBJGohAQNAIAFBBzYCACAFIAFBBGoiAUsNAAsgAiADRg0AIAMgAygCBEF+cTYCBCADIAMgAmsiBTYCACACIAVBAXI2AgQgBUH/AU0EQCAFQXhxQbTQAGohAAJ/QYzQACgCACIBQQEgBUEDdnQiA3FFBEBBjNAAIAEgA3I2AgAgAAwBCyAAKAIICyIBIAI2AgwgACACNgIIIAIgADYCDCACIAE2AggMAQtBHyEBIAVB////B00EQCAFQSYgBUEIdmciAGt2QQFxIABBAXRrQT5qIQELIAIgATYCHCACQgA3AhAgAUECdEG80gBqIQBBkNAAKAIAIgNBASABdCIGcUUEQCAAIAI2AgBBkNAAIAMgBnI2AgAgAiAANgIYIAIgAjYCCCACIAI2AgwMAQsgBUEZIAFBAXZrQQAgAUEfRxt0IQEgACgCACEDAkADQCADIgAoAgRBeHEgBUYNASABQR12IQMgAUEBdCEBIAAgA0EEcWpBEGoiBigCACIDDQALIAYgAjYCACACIAA2AhggAiACNgIMIAIgAjYCCAwBCyAAKAIIIgEgAjYCDCAAIAI2AgggAkEANgIYIAIgADYCDCACIAE2AggLQZjQACgCACIBIARNDQBBpNAAKAIAIgAgBGoiAiABIARrIgFBAXI2AgRBmNAAIAE2AgBBpNAAIAI2AgAgACAEQQNyNgIEIABBCGohAQwIC0EAIQFB/NMAQTA2AgAMBwtBACEACyAHRQ0AAkAgBigCHCICQQJ0QbzSAGoiAygCACAGRgRAIAMgADYCACAADQFBkNAAQZDQACgCAEF+IAJ3cTYCAAwCCyAHQRBBFCAHKAIQIAZGG2ogADYCACAARQ0BCyAAIAc2AhggBigCECICBEAgACACNgIQIAIgADYCGAsgBkEUaigCACICRQ0AIABBFGogAjYCACACIAA2AhgLIAEgCGohASAGIAhqIgYoAgQhBQsgBiAFQX5xNgIEIAEgBGogATYCACAEIAFBAXI2AgQgAUH/AU0EQCABQXhxQbTQAGohAAJ/QYzQACgCACICQQEgAUEDdnQiAXFFBEBBjNAAIAEgAnI2AgAgAAwBCyAAKAIICyIBIAQ2AgwgACAENgIIIAQgADYCDCAEIAE2AggMAQtBHyEFIAFB////B00EQCABQSYgAUEIdmciAGt2QQFxIABBAXRrQT5qIQULIAQgBTYCHCAEQgA3AhAgBUECdEG80gBqIQBBkNAAKAIAIgJBASAFdCIDcUUEQCAAIAQ2AgBBkNAAIAIgA3I2AgAgBCAANgIYIAQgBDYCCCAEIAQ2AgwMAQsgAUEZIAVBAXZrQQAgBUEfRxt0IQUgACgCACEAAkADQCAAIgIoAgRBeHEgAUYNASAFQR12IQAgBUEBdCEFIAIgAEEEcWpBEGoiAygCACIADQALIAMgBDYCACAEIAI2AhggBCAENgIMIAQgBDYCCAwBCyACKAIIIgAgBDYCDCACIAQ2AgggBEEANgIYIAQgAjYCDCAEIAA2AggLIAlBCGohAQwCCwJAIAdFDQACQCADKAIcIgFBAnRBvNIAaiICKAIAIANGBEAgAiAANgIAIAANAUGQ0AAgCEF+IAF3cSIINgIADAILIAdBEEEUIAcoAhAgA0YbaiAANgIAIABFDQELIAAgBzYCGCADKAIQIgEEQCAAIAE2AhAgASAANgIYCyADQRRqKAIAIgFFDQAgAEEUaiABNgIAIAEgADYCGAsCQCAFQQ9NBEAgAyAEIAVqIgBBA3I2AgQgACADaiIAIAAoAgRBAXI2AgQMAQsgAyAEaiICIAVBAXI2AgQgAyAEQQNyNgIEIAIgBWogBTYCACAFQf8BTQRAIAVBeHFBtNAAaiEAAn9BjNAAKAIAIgFBASAFQQN2dCIFcUUEQEGM0AAgASAFcjYCACAADAELIAAoAggLIgEgAjYCDCAAIAI2AgggAiAANgIMIAIgATYCCAwBC0EfIQEgBUH///8HTQRAIAVBJiAFQQh2ZyIAa3ZBAXEgAEEBdGtBPmohAQsgAiABNgIcIAJCADcCECABQQJ0QbzSAGohAEEBIAF0IgQgCHFFBEAgACACNgIAQZDQACAEIAhyNgIAIAIgADYCGCACIAI2AgggAiACNgIMDAELIAVBGSABQQF2a0EAIAFBH0cbdCEBIAAoAgAhBAJAA0AgBCIAKAIEQXhxIAVGDQEgAUEddiEEIAFBAXQhASAAIARBBHFqQRBqIgYoAgAiBA0ACyAGIAI2AgAgAiAANgIYIAIgAjYCDCACIAI2AggMAQsgACgCCCIBIAI2AgwgACACNgIIIAJBADYCGCACIAA2AgwgAiABNgIICyADQQhqIQEMAQsCQCAJRQ0AAkAgACgCHCIBQQJ0QbzSAGoiAigCACAARgRAIAIgAzYCACADDQFBkNAAIAtBfiABd3E2AgAMAgsgCUEQQRQgCSgCECAARhtqIAM2AgAgA0UNAQsgAyAJNgIYIAAoAhAiAQRAIAMgATYCECABIAM2AhgLIABBFGooAgAiAUUNACADQRRqIAE2AgAgASADNgIYCwJAIAVBD00EQCAAIAQgBWoiAUEDcjYCBCAAIAFqIgEgASgCBEEBcjYCBAwBCyAAIARqIgcgBUEBcjYCBCAAIARBA3I2AgQgBSAHaiAFNgIAIAgEQCAIQXhxQbTQAGohAUGg0AAoAgAhAwJ/QQEgCEEDdnQiAiAGcUUEQEGM0AAgAiAGcjYCACABDAELIAEoAggLIgIgAzYCDCABIAM2AgggAyABNgIMIAMgAjYCCAtBoNAAIAc2AgBBlNAAIAU2AgALIABBCGohAQsgCkEQaiQAIAELQwAgAEUEQD8AQRB0DwsCQCAAQf//A3ENACAAQQBIDQAgAEEQdkAAIgBBf0YEQEH80wBBMDYCAEF/DwsgAEEQdA8LAAsL3D8iAEGACAsJAQAAAAIAAAADAEGUCAsFBAAAAAUAQaQICwkGAAAABwAAAAgAQdwIC4otSW52YWxpZCBjaGFyIGluIHVybCBxdWVyeQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2JvZHkAQ29udGVudC1MZW5ndGggb3ZlcmZsb3cAQ2h1bmsgc2l6ZSBvdmVyZmxvdwBSZXNwb25zZSBvdmVyZmxvdwBJbnZhbGlkIG1ldGhvZCBmb3IgSFRUUC94LnggcmVxdWVzdABJbnZhbGlkIG1ldGhvZCBmb3IgUlRTUC94LnggcmVxdWVzdABFeHBlY3RlZCBTT1VSQ0UgbWV0aG9kIGZvciBJQ0UveC54IHJlcXVlc3QASW52YWxpZCBjaGFyIGluIHVybCBmcmFnbWVudCBzdGFydABFeHBlY3RlZCBkb3QAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9zdGF0dXMASW52YWxpZCByZXNwb25zZSBzdGF0dXMASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucwBVc2VyIGNhbGxiYWNrIGVycm9yAGBvbl9yZXNldGAgY2FsbGJhY2sgZXJyb3IAYG9uX2NodW5rX2hlYWRlcmAgY2FsbGJhY2sgZXJyb3IAYG9uX21lc3NhZ2VfYmVnaW5gIGNhbGxiYWNrIGVycm9yAGBvbl9jaHVua19leHRlbnNpb25fdmFsdWVgIGNhbGxiYWNrIGVycm9yAGBvbl9zdGF0dXNfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl92ZXJzaW9uX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fdXJsX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fY2h1bmtfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9oZWFkZXJfdmFsdWVfY29tcGxldGVgIGNhbGxiYWNrIGVycm9yAGBvbl9tZXNzYWdlX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fbWV0aG9kX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25faGVhZGVyX2ZpZWxkX2NvbXBsZXRlYCBjYWxsYmFjayBlcnJvcgBgb25fY2h1bmtfZXh0ZW5zaW9uX25hbWVgIGNhbGxiYWNrIGVycm9yAFVuZXhwZWN0ZWQgY2hhciBpbiB1cmwgc2VydmVyAEludmFsaWQgaGVhZGVyIHZhbHVlIGNoYXIASW52YWxpZCBoZWFkZXIgZmllbGQgY2hhcgBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX3ZlcnNpb24ASW52YWxpZCBtaW5vciB2ZXJzaW9uAEludmFsaWQgbWFqb3IgdmVyc2lvbgBFeHBlY3RlZCBzcGFjZSBhZnRlciB2ZXJzaW9uAEV4cGVjdGVkIENSTEYgYWZ0ZXIgdmVyc2lvbgBJbnZhbGlkIEhUVFAgdmVyc2lvbgBJbnZhbGlkIGhlYWRlciB0b2tlbgBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX3VybABJbnZhbGlkIGNoYXJhY3RlcnMgaW4gdXJsAFVuZXhwZWN0ZWQgc3RhcnQgY2hhciBpbiB1cmwARG91YmxlIEAgaW4gdXJsAEVtcHR5IENvbnRlbnQtTGVuZ3RoAEludmFsaWQgY2hhcmFjdGVyIGluIENvbnRlbnQtTGVuZ3RoAER1cGxpY2F0ZSBDb250ZW50LUxlbmd0aABJbnZhbGlkIGNoYXIgaW4gdXJsIHBhdGgAQ29udGVudC1MZW5ndGggY2FuJ3QgYmUgcHJlc2VudCB3aXRoIFRyYW5zZmVyLUVuY29kaW5nAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIHNpemUAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9oZWFkZXJfdmFsdWUAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9jaHVua19leHRlbnNpb25fdmFsdWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyB2YWx1ZQBNaXNzaW5nIGV4cGVjdGVkIExGIGFmdGVyIGhlYWRlciB2YWx1ZQBJbnZhbGlkIGBUcmFuc2Zlci1FbmNvZGluZ2AgaGVhZGVyIHZhbHVlAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIGV4dGVuc2lvbnMgcXVvdGUgdmFsdWUASW52YWxpZCBjaGFyYWN0ZXIgaW4gY2h1bmsgZXh0ZW5zaW9ucyBxdW90ZWQgdmFsdWUAUGF1c2VkIGJ5IG9uX2hlYWRlcnNfY29tcGxldGUASW52YWxpZCBFT0Ygc3RhdGUAb25fcmVzZXQgcGF1c2UAb25fY2h1bmtfaGVhZGVyIHBhdXNlAG9uX21lc3NhZ2VfYmVnaW4gcGF1c2UAb25fY2h1bmtfZXh0ZW5zaW9uX3ZhbHVlIHBhdXNlAG9uX3N0YXR1c19jb21wbGV0ZSBwYXVzZQBvbl92ZXJzaW9uX2NvbXBsZXRlIHBhdXNlAG9uX3VybF9jb21wbGV0ZSBwYXVzZQBvbl9jaHVua19jb21wbGV0ZSBwYXVzZQBvbl9oZWFkZXJfdmFsdWVfY29tcGxldGUgcGF1c2UAb25fbWVzc2FnZV9jb21wbGV0ZSBwYXVzZQBvbl9tZXRob2RfY29tcGxldGUgcGF1c2UAb25faGVhZGVyX2ZpZWxkX2NvbXBsZXRlIHBhdXNlAG9uX2NodW5rX2V4dGVuc2lvbl9uYW1lIHBhdXNlAFVuZXhwZWN0ZWQgc3BhY2UgYWZ0ZXIgc3RhcnQgbGluZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX2NodW5rX2V4dGVuc2lvbl9uYW1lAEludmFsaWQgY2hhcmFjdGVyIGluIGNodW5rIGV4dGVuc2lvbnMgbmFtZQBQYXVzZSBvbiBDT05ORUNUL1VwZ3JhZGUAUGF1c2Ugb24gUFJJL1VwZ3JhZGUARXhwZWN0ZWQgSFRUUC8yIENvbm5lY3Rpb24gUHJlZmFjZQBTcGFuIGNhbGxiYWNrIGVycm9yIGluIG9uX21ldGhvZABFeHBlY3RlZCBzcGFjZSBhZnRlciBtZXRob2QAU3BhbiBjYWxsYmFjayBlcnJvciBpbiBvbl9oZWFkZXJfZmllbGQAUGF1c2VkAEludmFsaWQgd29yZCBlbmNvdW50ZXJlZABJbnZhbGlkIG1ldGhvZCBlbmNvdW50ZXJlZABVbmV4cGVjdGVkIGNoYXIgaW4gdXJsIHNjaGVtYQBSZXF1ZXN0IGhhcyBpbnZhbGlkIGBUcmFuc2Zlci1FbmNvZGluZ2AAU1dJVENIX1BST1hZAFVTRV9QUk9YWQBNS0FDVElWSVRZAFVOUFJPQ0VTU0FCTEVfRU5USVRZAENPUFkATU9WRURfUEVSTUFORU5UTFkAVE9PX0VBUkxZAE5PVElGWQBGQUlMRURfREVQRU5ERU5DWQBCQURfR0FURVdBWQBQTEFZAFBVVABDSEVDS09VVABHQVRFV0FZX1RJTUVPVVQAUkVRVUVTVF9USU1FT1VUAE5FVFdPUktfQ09OTkVDVF9USU1FT1VUAENPTk5FQ1RJT05fVElNRU9VVABMT0dJTl9USU1FT1VUAE5FVFdPUktfUkVBRF9USU1FT1VUAFBPU1QATUlTRElSRUNURURfUkVRVUVTVABDTElFTlRfQ0xPU0VEX1JFUVVFU1QAQ0xJRU5UX0NMT1NFRF9MT0FEX0JBTEFOQ0VEX1JFUVVFU1QAQkFEX1JFUVVFU1QASFRUUF9SRVFVRVNUX1NFTlRfVE9fSFRUUFNfUE9SVABSRVBPUlQASU1fQV9URUFQT1QAUkVTRVRfQ09OVEVOVABOT19DT05URU5UAFBBUlRJQUxfQ09OVEVOVABIUEVfSU5WQUxJRF9DT05TVEFOVABIUEVfQ0JfUkVTRVQAR0VUAEhQRV9TVFJJQ1QAQ09ORkxJQ1QAVEVNUE9SQVJZX1JFRElSRUNUAFBFUk1BTkVOVF9SRURJUkVDVABDT05ORUNUAE1VTFRJX1NUQVRVUwBIUEVfSU5WQUxJRF9TVEFUVVMAVE9PX01BTllfUkVRVUVTVFMARUFSTFlfSElOVFMAVU5BVkFJTEFCTEVfRk9SX0xFR0FMX1JFQVNPTlMAT1BUSU9OUwBTV0lUQ0hJTkdfUFJPVE9DT0xTAFZBUklBTlRfQUxTT19ORUdPVElBVEVTAE1VTFRJUExFX0NIT0lDRVMASU5URVJOQUxfU0VSVkVSX0VSUk9SAFdFQl9TRVJWRVJfVU5LTk9XTl9FUlJPUgBSQUlMR1VOX0VSUk9SAElERU5USVRZX1BST1ZJREVSX0FVVEhFTlRJQ0FUSU9OX0VSUk9SAFNTTF9DRVJUSUZJQ0FURV9FUlJPUgBJTlZBTElEX1hfRk9SV0FSREVEX0ZPUgBTRVRfUEFSQU1FVEVSAEdFVF9QQVJBTUVURVIASFBFX1VTRVIAU0VFX09USEVSAEhQRV9DQl9DSFVOS19IRUFERVIATUtDQUxFTkRBUgBTRVRVUABXRUJfU0VSVkVSX0lTX0RPV04AVEVBUkRPV04ASFBFX0NMT1NFRF9DT05ORUNUSU9OAEhFVVJJU1RJQ19FWFBJUkFUSU9OAERJU0NPTk5FQ1RFRF9PUEVSQVRJT04ATk9OX0FVVEhPUklUQVRJVkVfSU5GT1JNQVRJT04ASFBFX0lOVkFMSURfVkVSU0lPTgBIUEVfQ0JfTUVTU0FHRV9CRUdJTgBTSVRFX0lTX0ZST1pFTgBIUEVfSU5WQUxJRF9IRUFERVJfVE9LRU4ASU5WQUxJRF9UT0tFTgBGT1JCSURERU4ARU5IQU5DRV9ZT1VSX0NBTE0ASFBFX0lOVkFMSURfVVJMAEJMT0NLRURfQllfUEFSRU5UQUxfQ09OVFJPTABNS0NPTABBQ0wASFBFX0lOVEVSTkFMAFJFUVVFU1RfSEVBREVSX0ZJRUxEU19UT09fTEFSR0VfVU5PRkZJQ0lBTABIUEVfT0sAVU5MSU5LAFVOTE9DSwBQUkkAUkVUUllfV0lUSABIUEVfSU5WQUxJRF9DT05URU5UX0xFTkdUSABIUEVfVU5FWFBFQ1RFRF9DT05URU5UX0xFTkdUSABGTFVTSABQUk9QUEFUQ0gATS1TRUFSQ0gAVVJJX1RPT19MT05HAFBST0NFU1NJTkcATUlTQ0VMTEFORU9VU19QRVJTSVNURU5UX1dBUk5JTkcATUlTQ0VMTEFORU9VU19XQVJOSU5HAEhQRV9JTlZBTElEX1RSQU5TRkVSX0VOQ09ESU5HAEV4cGVjdGVkIENSTEYASFBFX0lOVkFMSURfQ0hVTktfU0laRQBNT1ZFAENPTlRJTlVFAEhQRV9DQl9TVEFUVVNfQ09NUExFVEUASFBFX0NCX0hFQURFUlNfQ09NUExFVEUASFBFX0NCX1ZFUlNJT05fQ09NUExFVEUASFBFX0NCX1VSTF9DT01QTEVURQBIUEVfQ0JfQ0hVTktfQ09NUExFVEUASFBFX0NCX0hFQURFUl9WQUxVRV9DT01QTEVURQBIUEVfQ0JfQ0hVTktfRVhURU5TSU9OX1ZBTFVFX0NPTVBMRVRFAEhQRV9DQl9DSFVOS19FWFRFTlNJT05fTkFNRV9DT01QTEVURQBIUEVfQ0JfTUVTU0FHRV9DT01QTEVURQBIUEVfQ0JfTUVUSE9EX0NPTVBMRVRFAEhQRV9DQl9IRUFERVJfRklFTERfQ09NUExFVEUAREVMRVRFAEhQRV9JTlZBTElEX0VPRl9TVEFURQBJTlZBTElEX1NTTF9DRVJUSUZJQ0FURQBQQVVTRQBOT19SRVNQT05TRQBVTlNVUFBPUlRFRF9NRURJQV9UWVBFAEdPTkUATk9UX0FDQ0VQVEFCTEUAU0VSVklDRV9VTkFWQUlMQUJMRQBSQU5HRV9OT1RfU0FUSVNGSUFCTEUAT1JJR0lOX0lTX1VOUkVBQ0hBQkxFAFJFU1BPTlNFX0lTX1NUQUxFAFBVUkdFAE1FUkdFAFJFUVVFU1RfSEVBREVSX0ZJRUxEU19UT09fTEFSR0UAUkVRVUVTVF9IRUFERVJfVE9PX0xBUkdFAFBBWUxPQURfVE9PX0xBUkdFAElOU1VGRklDSUVOVF9TVE9SQUdFAEhQRV9QQVVTRURfVVBHUkFERQBIUEVfUEFVU0VEX0gyX1VQR1JBREUAU09VUkNFAEFOTk9VTkNFAFRSQUNFAEhQRV9VTkVYUEVDVEVEX1NQQUNFAERFU0NSSUJFAFVOU1VCU0NSSUJFAFJFQ09SRABIUEVfSU5WQUxJRF9NRVRIT0QATk9UX0ZPVU5EAFBST1BGSU5EAFVOQklORABSRUJJTkQAVU5BVVRIT1JJWkVEAE1FVEhPRF9OT1RfQUxMT1dFRABIVFRQX1ZFUlNJT05fTk9UX1NVUFBPUlRFRABBTFJFQURZX1JFUE9SVEVEAEFDQ0VQVEVEAE5PVF9JTVBMRU1FTlRFRABMT09QX0RFVEVDVEVEAEhQRV9DUl9FWFBFQ1RFRABIUEVfTEZfRVhQRUNURUQAQ1JFQVRFRABJTV9VU0VEAEhQRV9QQVVTRUQAVElNRU9VVF9PQ0NVUkVEAFBBWU1FTlRfUkVRVUlSRUQAUFJFQ09ORElUSU9OX1JFUVVJUkVEAFBST1hZX0FVVEhFTlRJQ0FUSU9OX1JFUVVJUkVEAE5FVFdPUktfQVVUSEVOVElDQVRJT05fUkVRVUlSRUQATEVOR1RIX1JFUVVJUkVEAFNTTF9DRVJUSUZJQ0FURV9SRVFVSVJFRABVUEdSQURFX1JFUVVJUkVEAFBBR0VfRVhQSVJFRABQUkVDT05ESVRJT05fRkFJTEVEAEVYUEVDVEFUSU9OX0ZBSUxFRABSRVZBTElEQVRJT05fRkFJTEVEAFNTTF9IQU5EU0hBS0VfRkFJTEVEAExPQ0tFRABUUkFOU0ZPUk1BVElPTl9BUFBMSUVEAE5PVF9NT0RJRklFRABOT1RfRVhURU5ERUQAQkFORFdJRFRIX0xJTUlUX0VYQ0VFREVEAFNJVEVfSVNfT1ZFUkxPQURFRABIRUFEAEV4cGVjdGVkIEhUVFAvAABeEwAAJhMAADAQAADwFwAAnRMAABUSAAA5FwAA8BIAAAoQAAB1EgAArRIAAIITAABPFAAAfxAAAKAVAAAjFAAAiRIAAIsUAABNFQAA1BEAAM8UAAAQGAAAyRYAANwWAADBEQAA4BcAALsUAAB0FAAAfBUAAOUUAAAIFwAAHxAAAGUVAACjFAAAKBUAAAIVAACZFQAALBAAAIsZAABPDwAA1A4AAGoQAADOEAAAAhcAAIkOAABuEwAAHBMAAGYUAABWFwAAwRMAAM0TAABsEwAAaBcAAGYXAABfFwAAIhMAAM4PAABpDgAA2A4AAGMWAADLEwAAqg4AACgXAAAmFwAAxRMAAF0WAADoEQAAZxMAAGUTAADyFgAAcxMAAB0XAAD5FgAA8xEAAM8OAADOFQAADBIAALMRAAClEQAAYRAAADIXAAC7EwBB+TULAQEAQZA2C+ABAQECAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQf03CwEBAEGROAteAgMCAgICAgAAAgIAAgIAAgICAgICAgICAgAEAAAAAAACAgICAgICAgICAgICAgICAgICAgICAgICAgAAAAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAAIAAgBB/TkLAQEAQZE6C14CAAICAgICAAACAgACAgACAgICAgICAgICAAMABAAAAAICAgICAgICAgICAgICAgICAgICAgICAgICAAAAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAAgACAEHwOwsNbG9zZWVlcC1hbGl2ZQBBiTwLAQEAQaA8C+ABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQYk+CwEBAEGgPgvnAQEBAQEBAQEBAQEBAQIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBY2h1bmtlZABBsMAAC18BAQABAQEBAQAAAQEAAQEAAQEBAQEBAQEBAQAAAAAAAAABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQAAAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEAAQBBkMIACyFlY3Rpb25lbnQtbGVuZ3Rob25yb3h5LWNvbm5lY3Rpb24AQcDCAAstcmFuc2Zlci1lbmNvZGluZ3BncmFkZQ0KDQoNClNNDQoNClRUUC9DRS9UU1AvAEH5wgALBQECAAEDAEGQwwAL4AEEAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB+cQACwUBAgABAwBBkMUAC+ABBAEBBQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEAQfnGAAsEAQAAAQBBkccAC98BAQEAAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQBB+sgACwQBAAACAEGQyQALXwMEAAAEBAQEBAQEBAQEBAUEBAQEBAQEBAQEBAQABAAGBwQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAAEAAQABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQAAAAEAEH6ygALBAEAAAEAQZDLAAsBAQBBqssAC0ECAAAAAAAAAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAAAAAAAADAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwBB+swACwQBAAABAEGQzQALAQEAQZrNAAsGAgAAAAACAEGxzQALOgMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAAAAAAAAAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMAQfDOAAuWAU5PVU5DRUVDS09VVE5FQ1RFVEVDUklCRUxVU0hFVEVBRFNFQVJDSFJHRUNUSVZJVFlMRU5EQVJWRU9USUZZUFRJT05TQ0hTRUFZU1RBVENIR0VPUkRJUkVDVE9SVFJDSFBBUkFNRVRFUlVSQ0VCU0NSSUJFQVJET1dOQUNFSU5ETktDS1VCU0NSSUJFSFRUUC9BRFRQLw==', 'base64')
  }),
  172:
  ((__unused_webpack_module, exports) => {
Object.defineProperty(exports, "__esModule", ({ value: true }));
exports.enumToMap = void 0;
function enumToMap(obj) {
    const res = {};
    Object.keys(obj).forEach((key) => {
        const value = obj[key];
        if (typeof value === 'number') {
            res[key] = value;
        }
    });
    return res;
}
exports.enumToMap = enumToMap;
  }),
  6603:
  ((module) => {
let fastNow = 0
const RESOLUTION_MS = 1e3
const TICK_MS = (RESOLUTION_MS >> 1) - 1
let fastNowTimeout
const kFastTimer = Symbol('kFastTimer')
const fastTimers = []
const NOT_IN_LIST = -2
const TO_BE_CLEARED = -1
const PENDING = 0
const ACTIVE = 1
function onTick () {
  fastNow += TICK_MS
  let idx = 0
  let len = fastTimers.length
  while (idx < len) {
    const timer = fastTimers[idx]
    if (timer._state === PENDING) {
      timer._idleStart = fastNow - TICK_MS
      timer._state = ACTIVE
    } else if (
      timer._state === ACTIVE &&
      fastNow >= timer._idleStart + timer._idleTimeout
    ) {
      timer._state = TO_BE_CLEARED
      timer._idleStart = -1
      timer._onTimeout(timer._timerArg)
    }
    if (timer._state === TO_BE_CLEARED) {
      timer._state = NOT_IN_LIST
      if (--len !== 0) {
        fastTimers[idx] = fastTimers[len]
      }
    } else {
      ++idx
    }
  }
  fastTimers.length = len
  if (fastTimers.length !== 0) {
    refreshTimeout()
  }
}
function refreshTimeout () {
  if (fastNowTimeout) {
    fastNowTimeout.refresh()
  } else {
    clearTimeout(fastNowTimeout)
    fastNowTimeout = setTimeout(onTick, TICK_MS)
    if (fastNowTimeout.unref) {
      fastNowTimeout.unref()
    }
  }
}
class FastTimer {
  [kFastTimer] = true
  _state = NOT_IN_LIST
  _idleTimeout = -1
  _idleStart = -1
  _onTimeout
  _timerArg
  constructor (callback, delay, arg) {
    this._onTimeout = callback
    this._idleTimeout = delay
    this._timerArg = arg
    this.refresh()
  }
  refresh () {
    if (this._state === NOT_IN_LIST) {
      fastTimers.push(this)
    }
    if (!fastNowTimeout || fastTimers.length === 1) {
      refreshTimeout()
    }
    this._state = PENDING
  }
  clear () {
    this._state = TO_BE_CLEARED
    this._idleStart = -1
  }
}
module.exports = {
  setTimeout (callback, delay, arg) {
    return delay <= RESOLUTION_MS
      ? setTimeout(callback, delay, arg)
      : new FastTimer(callback, delay, arg)
  },
  clearTimeout (timeout) {
    if (timeout[kFastTimer]) {
      timeout.clear()
    } else {
      clearTimeout(timeout)
    }
  },
  setFastTimeout (callback, delay, arg) {
    return new FastTimer(callback, delay, arg)
  },
  clearFastTimeout (timeout) {
    timeout.clear()
  },
  now () {
    return fastNow
  },
  tick (delay = 0) {
    fastNow += delay - RESOLUTION_MS + 1
    onTick()
    onTick()
  },
  reset () {
    fastNow = 0
    fastTimers.length = 0
    clearTimeout(fastNowTimeout)
    fastNowTimeout = null
  },
  kFastTimer
}
  }),
  4492:
  ((__unused_webpack_module, exports) => {
exports.i = () => {
  throw new Error('Only text can be sent with this bundle (scripts/bundle/replace.ts)')
}
  }),
  1833:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    $: () => (  callbackUrl),
    m: () => (  createAuthService)
  });
  var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2020);
  var _response_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9205);
const toUserResponse = (response) => {
    const { user, token } = response.ok ? response.fields : {};
    const { id, createdAt } = (user ?? {});
    const userId = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .y0)(id);
    const userAgeMs = (response.respondedAt ?? Number.NaN) - Date.parse(String(createdAt));
    return {
        ...response,
        ...(userId && { userId }),
        ...(!Number.isNaN(userAgeMs) && { userAgeMs }),
        hasSession: (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .y0)(token) !== undefined,
    };
};
const browserHeaders = (origin) => ({
    origin,
    'content-type': 'application/json',
    'sec-fetch-mode': 'cors',
});
const withoutTrailingSlash = (url) => url.replace(/\/+$/, '');
const callbackUrl = (baseUrl, provider) => `${withoutTrailingSlash(baseUrl)}/callback/${provider}`;
const createAuthService = (send, { baseUrl, jwksUrl }) => {
    const base = withoutTrailingSlash(baseUrl);
    const sendRequest = async (request) => {
        const name = { method: request.method, path: request.url };
        return (0,_response_js__WEBPACK_IMPORTED_MODULE_1__  .Uk)(name, await send({ ...request, path: request.url }));
    };
    const get = (url, headers = {}) => sendRequest({ method: 'GET', url, headers });
    const post = (path, body, headers) => sendRequest({ method: 'POST', url: `${base}${path}`, headers, body: JSON.stringify(body) });
    return {
        checkHealth: () => get(`${base}/ok`),
        async fetchJwks() {
            const response = await get(jwksUrl);
            const { keys } = response.fields;
            return { ...response, keys: response.ok && Array.isArray(keys) ? keys : [] };
        },
        probeOrigin: (origin) => post('/sign-out', {}, { ...browserHeaders(origin), cookie: 'neon-auth-preview-action=none' }),
        signUp: async ({ origin, email, password, name }) => toUserResponse(await post('/sign-up/email', { email, password, name }, browserHeaders(origin))),
        signIn: async ({ origin, email, password }) => toUserResponse(await post('/sign-in/email', { email, password }, browserHeaders(origin))),
        startSocialSignIn: ({ provider, origin }) => post('/sign-in/social', { provider, callbackURL: origin, disableRedirect: true }, browserHeaders(origin)),
        fetchSession: (headers) => get(`${base}/get-session`, { ...headers }),
        fetchToken: (headers) => get(`${base}/token`, { ...headers }),
    };
};
  }),
  9205:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Dz: () => (  rejectsOrigin),
    Ep: () => (  describeServiceResponse),
    Uk: () => (  readResponse),
    _S: () => (  refusesPasswords),
    ae: () => (  acceptsOrigin),
    ii: () => (  rejectsCallback),
    pd: () => (  refusesSignUps)
  });
  var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2020);
  var _network_messages_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1636);
const readResponse = (request, response) => {
    const fields = (0,_network_messages_js__WEBPACK_IMPORTED_MODULE_1__  .yX)(response);
    const { code, message } = fields;
    const respondedAt = Date.parse(response.headers['date'] ?? '');
    const texts = [code, message].filter((part) => typeof part === 'string');
    return {
        request,
        status: response.status,
        ok: (0,_network_messages_js__WEBPACK_IMPORTED_MODULE_1__  .oJ)(response),
        code: (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .y0)(code) ?? '',
        summary: [response.status, (0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .TN)(texts.join(' '), 200)].filter(Boolean).join(' '),
        fields,
        setCookie: response.setCookie ?? [],
        ...(!Number.isNaN(respondedAt) && { respondedAt }),
    };
};
const describeServiceResponse = ({ request, summary }) => `The auth service answered ${summary} to ${request.method} ${request.path}`;
const UNTRUSTED_MESSAGE = /^invalid (origin|domain)\b/i;
const rejectsOrigin = ({ status, code, fields: { message } }) => status === 403 &&
    (['INVALID_ORIGIN', 'INVALID_DOMAIN'].includes(code) ||
        (typeof message === 'string' && UNTRUSTED_MESSAGE.test(message)));
const acceptsOrigin = (response) => {
    if (response.ok)
        return true;
    return rejectsOrigin(response) ? false : undefined;
};
const rejectsCallback = ({ code }) => /^INVALID_(CALLBACK|REDIRECT|ERROR_?CALLBACK|NEW_?USER_?CALLBACK)_?URL$/.test(code);
const SIGN_UP_CLOSED = [
    'EMAIL_PASSWORD_SIGN_UP_DISABLED',
    'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED',
];
const PASSWORDS_OFF = ['EMAIL_PASSWORD_DISABLED', 'EMAIL_AND_PASSWORD_IS_NOT_ENABLED'];
const refusesSignUps = ({ code }) => SIGN_UP_CLOSED.includes(code);
const refusesPasswords = ({ code }) => PASSWORDS_OFF.includes(code);
  }),
  3598:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    W: () => (  urlsOf)
  });
  var _domains_loopback_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3668);
const isUsableUrl = (text) => {
    const url = text && !/\s/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
    return url?.protocol === 'https:' || (url?.protocol === 'http:' && (0,_domains_loopback_js__WEBPACK_IMPORTED_MODULE_0__  .U)(url.hostname));
};
const urlsOf = ({ base_url, jwks_url, }) => {
    if (!isUsableUrl(base_url) || !isUsableUrl(jwks_url))
        return undefined;
    return { baseUrl: base_url, jwksUrl: jwks_url };
};
  }),
  4717:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
__nccwpck_require__.d(__webpack_exports__, {
  ft: () => (  RunAborted),
  HF: () => (  RunCanceled),
  Y_: () => (  quotingFailure),
  db: () => (  startDeadline)
});
;
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
var problem = __nccwpck_require__(652);
var core_text = __nccwpck_require__(2020);
;
class RunAborted extends problem .A {
    #parts;
    #failure;
    constructor(parts, failure) {
        const lastFailure = failure && `Last failure: ${(0,core_text .TN)(failure)}`;
        super({ ...parts, response: [lastFailure, parts.response].filter(Boolean).join('\n') });
        this.#parts = parts;
        this.#failure = failure;
    }
    quoting(failure) {
        if (failure === undefined || this.#failure !== undefined)
            return this;
        const Aborted = this.constructor;
        return new Aborted(this.#parts, failure);
    }
}
class RunCanceled extends RunAborted {
}
const quotingFailure = async (failure, work) => {
    try {
        return await work();
    }
    catch (error) {
        throw error instanceof RunAborted ? error.quoting(failure) : error;
    }
};
const TYPICAL_ROUND_TRIPS = 20;
const neededSeconds = (limit, responseMs) => {
    const needed = (TYPICAL_ROUND_TRIPS * responseMs) / 1000;
    return needed > limit ? Math.ceil(needed / 10) * 10 : undefined;
};
const timeoutError = (seconds, responseTimes, waitingFor, cause) => {
    const average = responseTimes.reduce((sum, ms) => sum + ms, 0) / (responseTimes.length || 1);
    const needed = neededSeconds(seconds, average);
    return new RunAborted({
        what: `The run timed out after ${seconds} seconds while ${waitingFor}.`,
        ...(needed && {
            response: `Responses took ${(average / 1000).toFixed(1)} seconds on average (${responseTimes.length} so far).`,
            why: 'the `timeout` is too short for a server this slow',
        }),
        fix: needed
            ? `set \`timeout\` to at least ${needed}`
            : 'run the job again, or increase `timeout` (seconds)',
        cause,
    });
};
const cancelError = (reason, waitingFor, cause) => new RunCanceled({
    what: `The run was canceled (${reason}) while ${waitingFor}.`,
    fix: 'run the job again. The new run picks up where this one stopped',
    cause,
});
const startDeadline = (seconds, stop) => {
    const end = performance.now() + seconds * 1000;
    const cancellation = new AbortController();
    const signal = AbortSignal.any([AbortSignal.timeout(seconds * 1000), cancellation.signal, stop]);
    const responseTimes = [];
    const abortError = (waitingFor, cause) => stop.aborted
        ? cancelError(stop.reason, waitingFor, cause)
        : timeoutError(seconds, responseTimes, waitingFor, cause);
    const remaining = () => Math.max(0, end - performance.now());
    let pauses = 0;
    const sleep = async (ms, waitingFor) => {
        if (ms >= remaining())
            throw abortError(waitingFor);
        pauses += 1;
        try {
            await (0,promises_namespaceObject.setTimeout)(ms, undefined, { signal });
        }
        catch (error) {
            throw abortError(waitingFor, error);
        }
    };
    return {
        seconds,
        signal,
        remaining,
        get pauses() {
            return pauses;
        },
        recordResponse: (ms) => void responseTimes.push(ms),
        get responses() {
            return responseTimes.length;
        },
        cancelPending: () => cancellation.abort(),
        sleep,
        abortError,
    };
};
  }),
  7252:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    m: () => (  decodeUriComponent)
  });
const decodeUriComponent = (text) => {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
};
  }),
  242:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Ce: () => (  isFields),
    L5: () => (  parseFields),
    Pf: () => (  fieldsOf)
  });
const isFields = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value) => (isFields(value) ? value : {});
const parseFields = (text) => {
    try {
        return fieldsOf(JSON.parse(text));
    }
    catch {
        return {};
    }
};
  }),
  1799:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    l: () => (  optional),
    r: () => (  withoutUndefined)
  });
const optional = (key, value) => value === undefined ? {} : { [key]: value };
const withoutUndefined = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  }),
  652:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    A: () => (  Problem),
    b: () => (  messageOf)
  });
class Problem extends Error {
    name = 'Problem';
    constructor({ what, response, why, fix, cause }) {
        const lines = [what, response, why && `Likely cause: ${why}`, fix && `Fix: ${fix}`];
        super(lines.filter(Boolean).join('\n'), { cause });
    }
}
const messageOf = (error) => error instanceof Error ? error.message || error.name : String(error);
  }),
  8198:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    E$: () => (  redact),
    cl: () => (  registerSecret),
    xW: () => (  maskWith)
  });
const secrets = new Map();
let redactors = [];
const MIN_SECRET_LENGTH = 6;
const MAX_PATTERN_LENGTH = 4_000;
const ESCAPES = '(?:\\\\|%5[cC]){0,7}';
let maskInLog = () => { };
const maskWith = (mask) => {
    maskInLog = mask;
};
const NAMED_ENTITIES = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": 'apos',
};
const JSON_LETTERS = {
    '\n': 'n',
    '\r': 'r',
    '\t': 't',
    '\b': 'b',
    '\f': 'f',
};
const escapeRegExp = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const hexPattern = (digits) => digits.replace(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
const unicodePattern = (character) => Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `u${hexPattern(code)}`;
}).join(ESCAPES);
const percentPattern = (character) => [...Buffer.from(character)]
    .map((byte) => `%${hexPattern(byte.toString(16).padStart(2, '0'))}`)
    .join('');
const entityPattern = (character) => {
    const code = character.codePointAt(0) ?? 0;
    const name = NAMED_ENTITIES[character];
    const numbers = [`#0*${code}`, `#[xX]0*${hexPattern(code.toString(16))}`];
    return `&(?:${[...numbers, ...(name ? [name] : [])].join('|')});`;
};
const characterPattern = (character) => {
    if (/[A-Za-z0-9]/.test(character))
        return character;
    const letter = JSON_LETTERS[character];
    const spellings = [
        escapeRegExp(character),
        entityPattern(character),
        percentPattern(character),
        unicodePattern(character),
        ...(letter ? [letter] : []),
        ...(character === ' ' ? ['\\+'] : []),
    ];
    return `${ESCAPES}(?:${spellings.join('|')})`;
};
const backslashPattern = (count) => `(?:(?<!\\\\)\\\\{${count},}|(?<!%5[cC])(?:%5[cC]){${count},}|(?:&#(?:92|[xX]5[cC]);){${count}})`;
const secretPattern = (secret) => (secret.match(/\\+|[^\\]/gu) ?? [])
    .map((piece) => piece.startsWith('\\') ? backslashPattern(piece.length) : characterPattern(piece))
    .join('');
const base64Forms = (secret) => {
    const bytes = Buffer.from(secret);
    return [0, 1, 2].map((shift) => {
        const wholeGroups = bytes.subarray(shift, bytes.length - ((bytes.length - shift) % 3));
        return wholeGroups.toString('base64');
    });
};
const base64Pattern = (form) => {
    const patterns = [...form].map((character) => ({ '+': '[+-]', '/': '(?:\\\\?\\/|_)' })[character] ?? character);
    return `${patterns.join('')}[\\w+/-]{0,3}={0,2}`;
};
const redactorFor = (secret) => {
    if (secret.length > MAX_PATTERN_LENGTH)
        return (text) => text.replaceAll(secret, '***');
    const encoded = base64Forms(secret).filter((form) => form.length >= MIN_SECRET_LENGTH);
    const pattern = new RegExp([secretPattern(secret), ...encoded.map(base64Pattern)].join('|'), 'g');
    return (text) => text.replace(pattern, '***');
};
const registerSecret = (secret) => {
    if (secret.trim() === '')
        return;
    maskInLog(secret);
    for (const part of [secret, ...secret.split(/[\r\n]/)].map((line) => line.trim())) {
        if (part.length < MIN_SECRET_LENGTH || secrets.has(part))
            continue;
        secrets.set(part, redactorFor(part));
        redactors = [...secrets].sort(([a], [b]) => b.length - a.length).map(([, redactor]) => redactor);
    }
};
const redact = (text) => redactors.reduce((redacted, redactor) => redactor(redacted), text);
  }),
  2020:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Pk: () => (  UNSAFE),
    TN: () => (  oneLine),
    aj: () => (  sanitize),
    fF: () => (  bulletList),
    y0: () => (  nonEmptyString)
  });
  var _secrets_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8198);
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const escapeCharacter = (character) => `\\u${Number(character.codePointAt(0)).toString(16).padStart(4, '0')}`;
const oneLine = (text, limit = 500) => {
    const line = (0,_secrets_js__WEBPACK_IMPORTED_MODULE_0__  .E$)(text)
        .replace(/\s*[\r\n]\s*/g, ' ')
        .replace(UNSAFE, escapeCharacter);
    return line.length > limit ? `${line.slice(0, limit).replace(/\p{Cs}$/u, '')}\u2026` : line;
};
const sanitizeLine = (line) => line
    .replace(UNSAFE, escapeCharacter)
    .replace(/^(\s*):(?=:)/, '$1\\u003a')
    .replace(/##(?=\[)/g, '\\u0023#');
const sanitize = (text) => (0,_secrets_js__WEBPACK_IMPORTED_MODULE_0__  .E$)(text).split('\n').map(sanitizeLine).join('\n');
const nonEmptyString = (value) => typeof value === 'string' && value !== '' ? value : undefined;
const MAX_LISTED = 50;
const bulletList = (items, limit = MAX_LISTED) => {
    const omitted = items.length - limit;
    const lines = items.slice(0, limit).map((item) => `- ${item}`);
    return [...lines, ...(omitted > 0 ? [`- \u2026 and ${omitted} more`] : [])].join('\n');
};
  }),
  2829:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    _: () => (  matchesWildcard)
  });
const matchesWildcard = (pattern, text) => {
    const [start = '', ...parts] = pattern.split('*');
    const end = parts.pop();
    if (end === undefined)
        return text === start;
    if (!text.startsWith(start))
        return false;
    let position = start.length;
    for (const part of parts) {
        const index = text.indexOf(part, position);
        if (index === -1)
            return false;
        position = index + part.length;
    }
    return text.length - end.length >= position && text.endsWith(end);
};
  }),
  360:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    j: () => (  knownValue)
  });
const knownValue = (reading) => reading && 'value' in reading ? reading.value : undefined;
  }),
  5222:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
__nccwpck_require__.d(__webpack_exports__, {
  P: () => (  hostFault),
  o: () => (  isIpAddress)
});
var loopback = __nccwpck_require__(3668);
;
const MISSING_WORDS = ['undefined', 'null', 'nan'];
const MISSING_AT_END = ['none', 'nil', 'true', 'false'];
const wordsOf = (text) => text.toLowerCase().split(/[^a-z\d]/);
const missingWord = (label, names) => {
    const known = names.flatMap(wordsOf);
    return wordsOf(label).find((word, index, words) => !known.includes(word) &&
        (MISSING_WORDS.includes(word) ||
            (index === words.length - 1 && MISSING_AT_END.includes(word))));
};
const PULL_REQUEST_PREFIX = /(^|[-_])(pr|pull|pullrequest|mr|preview|deploy-preview)[-_]?$/;
const likelyValue = (prefix) => PULL_REQUEST_PREFIX.test(prefix)
    ? 'the pull request number, for example `${{ github.event.number }}` (only pull request events have it)'
    : 'for example a step output that was not set';
;
const MAX_LABEL_LENGTH = 63;
const MAX_HOST_LENGTH = 253;
const IPV4 = /^\d+(\.\d+){3}$/;
const isIpAddress = (hostname) => hostname.startsWith('[') || IPV4.test(hostname);
const ipFault = (hostname, { scheme, host }) => {
    if (IPV4.test(hostname) && host !== hostname)
        return `this is a number, which URLs read as the address ${hostname}. Pass the URL of the preview`;
    if (scheme === undefined && !(0,loopback .U)(hostname))
        return 'this is a number or an address without a scheme. If this is intentional, put https:// in front of it';
    return hostname === '[::]' || hostname.startsWith('0.')
        ? 'servers listen on this address, but no page has it as its origin. Use the address that people open'
        : undefined;
};
const emptyPartFault = (labels) => {
    const index = labels.findIndex((label) => label === '' || /^[-_]|[-_]$/.test(label));
    const label = labels[index];
    if (label === undefined)
        return undefined;
    const before = labels.slice(0, index).join('.');
    const after = labels.slice(index + 1).join('.');
    if (label === '') {
        const position = [before && ` after "${before}."`, after && ` before ".${after}"`].filter(Boolean);
        return `its host has an empty part${position.join(' and')}; the template value there was probably empty: ${likelyValue('')}`;
    }
    return /[-_]$/.test(label)
        ? `"${label}" ends with "${label.at(-1)}"; the template value after it was probably empty: ${likelyValue(label)}`
        : `"${label}" starts with "${label[0]}"; the template value before it was probably empty: ${likelyValue('')}`;
};
const lengthFault = (hostname, labels) => {
    const longLabel = labels.find(({ length }) => length > MAX_LABEL_LENGTH);
    const advice = 'platforms shorten long branch names, so the preview is on another host. Take its URL from the deployment';
    if (longLabel !== undefined)
        return `"${longLabel.slice(0, 20)}..." has ${longLabel.length} characters, but a part of a host can have at most ${MAX_LABEL_LENGTH}; ${advice}`;
    return hostname.length > MAX_HOST_LENGTH
        ? `its host has ${hostname.length} characters, but a host can have at most ${MAX_HOST_LENGTH}; ${advice}`
        : undefined;
};
const missingValueFault = (labels, names, registeredDomain) => {
    for (const [index, label] of labels.entries()) {
        if (labels.slice(index).join('.') === registeredDomain)
            return undefined;
        const word = missingWord(label, names);
        if (word === undefined)
            continue;
        const value = likelyValue(label.slice(0, label.lastIndexOf(word)));
        return `"${label}" contains "${word}", probably because a template value was missing: ${value}`;
    }
    return undefined;
};
const hostFault = (hostname, entry, { names, registeredDomain }) => {
    if (isIpAddress(hostname))
        return ipFault(hostname, entry);
    const forbidden = /[^a-z\d._*-]/.exec(hostname)?.[0];
    if (forbidden !== undefined)
        return `its host contains "${forbidden}", which is not allowed in a host name`;
    const labels = hostname.split('.');
    const fault = emptyPartFault(labels) ?? missingValueFault(labels, names, registeredDomain);
    if (fault !== undefined)
        return fault;
    const isSingleLabel = !/[.*]/.test(hostname) && !(0,loopback .U)(hostname);
    if (isSingleLabel && entry.scheme === undefined)
        return 'this is not a host name: it has no dot. If this is intentional, use the full URL';
    return lengthFault(hostname, labels);
};
  }),
  3668:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    U: () => (  isLoopback)
  });
const LOOPBACK_NAME = /(^|\.)localhost\.?$/;
const LOOPBACK_V4 = /^127(\.\d{1,3}){3}$/;
const LOOPBACK_MAPPED = /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/;
const isLoopback = (hostname) => LOOPBACK_NAME.test(hostname) ||
    hostname === '[::1]' ||
    LOOPBACK_V4.test(hostname) ||
    LOOPBACK_MAPPED.test(hostname);
  }),
  9659:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    VA: () => (  sampleOrigin),
    Zq: () => (  printableUrl),
    iC: () => (  listsOrigin),
    oK: () => (  untrustableOrigin),
    yv: () => (  originOf)
  });
  var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7598);
  var node_crypto__WEBPACK_IMPORTED_MODULE_0___default =  __nccwpck_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2020);
const CREDENTIALS = /^(?!(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+[/?#])([a-z][a-z\d+.-]*:\/\/)?.*@/is;
const printableUrl = (text) => (0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(text.replace(CREDENTIALS, '$1***@'), 200);
const originOf = (entry) => {
    try {
        const { origin } = new URL(entry);
        return origin === 'null' ? entry : origin;
    }
    catch {
        return entry;
    }
};
const listsOrigin = (entries, origin) => entries.some((entry) => originOf(entry) === origin);
const sampleOrigin = (domain) => domain.replace(/\*+/g, 'neon-auth-sample');
const untrustableOrigin = () => `https://${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.invalid`;
  }),
  7151:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    w: () => (  stableAlias)
  });
const PER_BUILD_HOSTS = [
    [
        /-(?=[a-z]*\d)[a-z0-9]{9}-[a-z0-9-]+\.vercel\.app$/,
        'Vercel: <project>-git-<branch>-<team>.vercel.app',
    ],
    [
        /^https:\/\/[0-9a-f]{24}--[^.]+\.netlify\.app$/,
        'Netlify: deploy-preview-<number>--<site>.netlify.app',
    ],
    [/^https:\/\/[0-9a-f]{8}\.[^.]+\.pages\.dev$/, 'Cloudflare: <branch>.<project>.pages.dev'],
];
const stableAlias = (domain) => PER_BUILD_HOSTS.find(([pattern]) => pattern.test(domain) && !domain.includes('-git-'))?.[1];
  }),
  2100:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    d: () => (  findConsole)
  });
const CONSOLES = [
    'aws.amazon.com',
    'bitbucket.org',
    'circleci.com',
    'cloud.digitalocean.com',
    'cloudflare.com',
    'console.cloud.google.com',
    'console.deno.com',
    'console.firebase.google.com',
    'dash.deno.com',
    'fly.io',
    'github.com',
    'githubusercontent.com',
    'gitlab.com',
    'heroku.com',
    'koyeb.com',
    'neon.com',
    'netlify.com',
    'northflank.com',
    'portal.azure.com',
    'railway.com',
    'render.com',
    'supabase.com',
    'vercel.com',
    'console.neon.tech',
    'zeabur.com',
];
const EXACT_CONSOLES = ['railway.app', 'www.railway.app', 'backboard.railway.app'];
const findConsole = (hostname, githubHost) => CONSOLES.find((host) => hostname === host || hostname.endsWith(`.${host}`)) ??
    EXACT_CONSOLES.find((host) => hostname === host) ??
    (hostname === githubHost ? githubHost : undefined);
  }),
  1730:
  ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {
__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
  var _process_step_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8565);
await (0,_process_step_js__WEBPACK_IMPORTED_MODULE_0__  .q)();
__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);
  }),
  8105:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    H8: () => (  toProblem),
    Hi: () => (  NOT_NEON),
    dk: () => (  UnexpectedResponseError),
    eQ: () => (  withContext),
    tB: () => (  NeonApiError),
    v9: () => (  describeErrorResponse),
    w7: () => (  isAccessDenied)
  });
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(652);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2020);
  var _network_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1207);
class NeonApiError extends Error {
    name = 'NeonApiError';
    request;
    status;
    code;
    requestId;
    isForeign;
    constructor(request, response) {
        super(response.message);
        this.request = request;
        this.status = response.status;
        this.code = response.code;
        this.requestId = response.requestId ?? request.requestId;
        this.isForeign = response.isForeign ?? false;
    }
}
class UnexpectedResponseError extends Error {
    name = 'UnexpectedResponseError';
    request;
    constructor(request, message) {
        super(message);
        this.request = request;
    }
}
const CHECK_STATUS_PAGE = 'look at https://neonstatus.com and run the job again';
const KEY_SCOPE = {
    why: 'the API key belongs to another project or organization, or is not allowed to do this',
    fix: 'use a key made for this project (`api_key`), and check `project_id`',
};
const ACCESS_DENIED = /outside the project|\bscoped?\b|\baccess\b|\bpermissions?\b|\bpermitted\b|not (allowed|authorized)|\bunauthorized\b|\bforbidden\b/i;
const isAccessDenied = ({ status, message }) => status === 401 || status === 403 || (status === 404 && ACCESS_DENIED.test(message));
const NOT_NEON = {
    why: "this page is not from the Neon API: a proxy or firewall responded in its place, or `api_host` is not the API's base URL",
    fix: 'check the proxy of the runner (HTTPS_PROXY, NO_PROXY) and `api_host`, and run the job again',
    isPermanent: false,
};
const CHANGED_API = {
    why: 'the API has changed, or `api_host` is not the Neon API',
    fix: 'look for a newer version of this action, or correct `api_host`',
};
const CHANGED_ENDPOINT = {
    why: 'the endpoint has changed, or a proxy altered the response',
    fix: 'look for a newer version of this action, or check the proxy of the runner (HTTPS_PROXY, NO_PROXY)',
};
const NO_BRANCH = {
    why: 'the branch or this part of its auth does not exist, or no longer exists, or the API key cannot see it',
    fix: 'if the branch was deleted or created again during this run, run the job again; otherwise check that the key was made for this project',
};
const BY_STATUS = {
    401: {
        why: 'the API key is mistyped, was revoked, or is for another service',
        fix: 'create a new key in the Neon Console and save it as the secret that `api_key` reads',
    },
    403: KEY_SCOPE,
    404: {
        why: 'there is no such project, or the API key is scoped to another project and cannot see it',
        fix: 'check `project_id` (Neon Console \u2192 Settings \u2192 General) and that the key was made for that project',
    },
    423: {
        why: 'another operation on this branch has not finished',
        fix: 'run the job again, or increase `timeout`',
    },
    429: {
        why: 'this account sent too many requests (Neon allows 700 a minute)',
        fix: 'run fewer of these jobs at the same time, or increase `timeout`',
    },
};
const explain = (error) => {
    const { status, request } = error;
    if (status >= 300 && status < 400) {
        return {
            why: 'the API responded with a redirect, which this action does not follow because it would send the key along',
            fix: 'correct `api_host`',
        };
    }
    if (error.isForeign && status < 500 && status !== 429 && error.message !== '')
        return NOT_NEON;
    if (status >= 500) {
        const server = error.isForeign ? 'Neon or a proxy' : 'Neon';
        return { why: `${server} has an internal error right now`, fix: CHECK_STATUS_PAGE };
    }
    if (status === 404 && isAccessDenied(error))
        return KEY_SCOPE;
    if (status === 404 && /\/branches\/[^/]/.test(request.path))
        return NO_BRANCH;
    if (BY_STATUS[status])
        return BY_STATUS[status];
    return {
        fix: error.message
            ? "see Neon's message above"
            : "run the job again. If that does not help, give the request ID to Neon's support",
    };
};
const formatRequestId = (requestId) => requestId ? ` [request ID ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(requestId, 80)}]` : '';
const describeErrorResponse = (error) => {
    const { method, path } = error.request;
    const code = error.code ? ` (${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(error.code, 80)})` : '';
    const message = error.message ? `: "${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(error.message)}"` : ' with no message';
    const server = error.isForeign ? 'The server' : 'Neon';
    return `${server} answered ${error.status}${code} to ${method} ${path}${message}${formatRequestId(error.requestId)}`;
};
const lostProblem = (error, what) => {
    const { method, path, requestId } = error.request;
    return new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
        what,
        response: `${method} ${path} failed: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)((0,_core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .b)(error))}${formatRequestId(requestId)}`,
        why: error.fault?.why ??
            'the network, a proxy, or Neon itself; the request may or may not have been applied',
        fix: error.fault?.fix ??
            'check that the runner can reach the host (proxy: HTTPS_PROXY, NO_PROXY; `api_host`) and that https://neonstatus.com reports no outage, then run the job again. The new run picks up where this one stopped',
        cause: error,
    });
};
const unexpectedProblem = (error, what) => {
    const { method, path, requestId } = error.request;
    return new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
        what,
        response: `The response to ${method} ${path} is not what Neon documents: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(error.message)}${formatRequestId(requestId)}`,
        ...(path.startsWith('/projects') ? CHANGED_API : CHANGED_ENDPOINT),
        cause: error,
    });
};
const toProblem = (error, what) => {
    if (error instanceof NeonApiError) {
        const response = describeErrorResponse(error);
        return new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({ what, response, ...explain(error), cause: error });
    }
    if (error instanceof _network_errors_js__WEBPACK_IMPORTED_MODULE_2__  .s)
        return lostProblem(error, what);
    return error instanceof UnexpectedResponseError ? unexpectedProblem(error, what) : error;
};
const withContext = async (what, work) => {
    try {
        return await work();
    }
    catch (error) {
        throw toProblem(error, what);
    }
};
  }),
  5647:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    R: () => (  movedName),
    d: () => (  MOVED_PREFIX)
  });
const MOVED_PREFIX = 'neon_auth_restore_';
const movedName = (run, oid) => `${MOVED_PREFIX}${run.toLowerCase().replace(/[^a-z0-9]+/g, '_')}_${oid}`.slice(0, 63);
  }),
  1897:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    IA: () => (  withSqlContext),
    RU: () => (  openDatabases),
    t_: () => (  withBeforeWrite)
  });
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(652);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2020);
  var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8105);
  var _sql_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(3556);
const withBeforeWrite = ({ beforeWrite, ...context }) => ({
    ...context,
    send: (request) => context.send({ ...request, beforeAttempt: beforeWrite }),
});
const openDatabases = async (neon, branch, context) => {
    const selected = (await neon.listDatabases(branch.id)).filter(({ name }) => context.database === undefined || name === context.database);
    return Promise.all(selected.map(async (database) => ({
        database,
        sql: await (0,_sql_js__WEBPACK_IMPORTED_MODULE_3__  .qI)(neon, branch, database, context),
    })));
};
const withSqlContext = async (what, refused, work) => (0,_errors_js__WEBPACK_IMPORTED_MODULE_2__  .eQ)(what, async () => {
    try {
        return await work();
    }
    catch (error) {
        if (!(error instanceof Error) || error.name !== 'NeonDbError')
            throw error;
        const response = `Postgres said: "${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)((0,_core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .b)(error))}"`;
        throw new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({ ...refused, response, cause: error });
    }
});
  }),
  658:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    F2: () => (  findSchemaWithoutConfig),
    ZA: () => (  dropAuthSchema),
    nU: () => (  findAuthSchema)
  });
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(652);
  var _open_databases_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1897);
  var _response_checks_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6199);
  var _sql_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(3556);
const readSchemas = async ({ database, sql }) => {
    const rows = await sql("SELECT oid::text FROM pg_namespace WHERE nspname = 'neon_auth'");
    return rows.map((row) => ({ database, sql, oid: (0,_sql_js__WEBPACK_IMPORTED_MODULE_3__  .K6)(row) }));
};
const readEndpointId = async (sql) => {
    const [table] = await sql("SELECT to_regclass('neon_auth.project_config')::text AS name");
    if (!table || (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_2__  .mR)(_sql_js__WEBPACK_IMPORTED_MODULE_3__  .LD, table, 'name') === undefined)
        return undefined;
    const [row] = await sql('SELECT endpoint_id::text FROM neon_auth.project_config LIMIT 1');
    return row && (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_2__  .mR)(_sql_js__WEBPACK_IMPORTED_MODULE_3__  .LD, row, 'endpoint_id');
};
const dropByOid = (sql, oid) => sql(`DO $$ BEGIN
     IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth' AND oid = ${oid}) THEN
       DROP SCHEMA IF EXISTS neon_auth CASCADE;
     END IF;
   END $$`);
const severalSchemasProblem = (schemas, branch) => new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
    what: `Several databases of branch ${branch.name} (${branch.id}) hold a neon_auth schema: ${schemas.map(({ database }) => database.name).join(', ')}.`,
    fix: 'set `database` to the one that auth uses',
});
const findSchemaWithoutConfig = async (neon, branch, context) => {
    const databases = await (0,_open_databases_js__WEBPACK_IMPORTED_MODULE_1__  .RU)(neon, branch, context);
    const schemas = (await Promise.all(databases.map(readSchemas))).flat();
    if (schemas.length > 1)
        throw severalSchemasProblem(schemas, branch);
    return schemas[0];
};
const withOrphanContext = ({ name, id }, task, work) => (0,_open_databases_js__WEBPACK_IMPORTED_MODULE_1__  .IA)(`Could not ${task} on branch ${name} (${id}).`, {
    what: `Could not read or drop the neon_auth schema on branch ${name} (${id}) over SQL.`,
    why: "the branch's compute cannot be reached from this runner, or the database's owner may not drop the schema",
    fix: 'run `DROP SCHEMA neon_auth CASCADE` on that branch in the Neon Console (SQL Editor), then run the job again',
}, work);
const findAuthSchema = (neon, branch, context) => withOrphanContext(branch, 'look for a neon_auth schema', async () => {
    const schema = await findSchemaWithoutConfig(neon, branch, context);
    if (!schema)
        return undefined;
    const { database, sql, oid } = schema;
    const endpointId = await readEndpointId(sql);
    return { database, oid, ...(endpointId !== undefined && { endpointId }) };
});
const dropAuthSchema = (neon, branch, context) => withOrphanContext(branch, 'delete the leftover neon_auth schema', async () => {
    const schema = await findSchemaWithoutConfig(neon, branch, context);
    if (!schema)
        return 'none';
    const sql = await (0,_sql_js__WEBPACK_IMPORTED_MODULE_3__  .qI)(neon, branch, schema.database, (0,_open_databases_js__WEBPACK_IMPORTED_MODULE_1__  .t_)(context));
    await dropByOid(sql, schema.oid);
    return 'dropped';
});
  }),
  6199:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    $k: () => (  expectJson),
    J6: () => (  expectArray),
    LK: () => (  expectText),
    Le: () => (  withoutNulls),
    ak: () => (  expectBoolean),
    f$: () => (  expectId),
    mR: () => (  optionalText),
    nr: () => (  checkOptionalTexts),
    oN: () => (  optionalRecord),
    sI: () => (  expectConnectionUri),
    to: () => (  expectRecord)
  });
  var _core_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(242);
  var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8105);
const expectRecord = (request, value, description) => {
    if ((0,_core_fields_js__WEBPACK_IMPORTED_MODULE_1__  .Ce)(value))
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `${description} is not a JSON object`);
};
const withoutNulls = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
const expectJson = (request, text) => {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, 'it is not JSON');
    }
    return expectRecord(request, value, 'the response');
};
const expectArray = (request, fields, name) => {
    const value = fields[name];
    if (Array.isArray(value) && value.every(_core_fields_js__WEBPACK_IMPORTED_MODULE_1__  .Ce))
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is not a list of objects`);
};
const expectText = (request, fields, name) => {
    const value = fields[name];
    if (typeof value === 'string' && value !== '')
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is missing, empty, or not a string`);
};
const optionalText = (request, fields, name) => (fields[name] ?? '') === '' ? undefined : expectText(request, fields, name);
const optionalRecord = (request, fields, name) => expectRecord(request, fields[name] ?? {}, `\`${name}\``);
const checkOptionalTexts = (request, fields, name) => {
    const value = fields[name] ?? [];
    if (Array.isArray(value) && value.every((text) => typeof text === 'string'))
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is not a list of strings`);
};
const expectId = (request, fields, name) => {
    const value = expectText(request, fields, name);
    if (/^[\w-]+$/.test(value))
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is not a valid ID`);
};
const expectBoolean = (request, fields, name) => {
    const value = fields[name];
    if (typeof value === 'boolean')
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is neither true nor false`);
};
const CONNECTION_URI = /^postgres(ql)?:\/\/\S+@[^\s@/]+\/\S+$/;
const expectConnectionUri = (request, fields, name) => {
    const value = expectText(request, fields, name);
    if (CONNECTION_URI.test(value) && URL.canParse(value))
        return value;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__  .dk(request, `\`${name}\` is not a connection URI`);
};
  }),
  3556:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    K6: () => (  expectOid),
    LD: () => (  SQL_REQUEST),
    qI: () => (  openDatabase)
  });
  var _core_decode_uri_component_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(7252);
  var _core_secrets_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8198);
  var _domains_loopback_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(3668);
  var _network_lost_writes_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8267);
  var _errors_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8105);
  var _response_checks_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(6199);
const SQL_REQUEST = { method: 'POST', path: '/sql' };
const expectOid = (row) => {
    const oid = (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_3__  .LK)(SQL_REQUEST, row, 'oid');
    if (/^\d+$/.test(oid))
        return oid;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__  .dk(SQL_REQUEST, '`oid` is not a number');
};
const checkResult = (text) => {
    const result = (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_3__  .$k)(SQL_REQUEST, text);
    for (const field of (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_3__  .J6)(SQL_REQUEST, result, 'fields'))
        (0,_response_checks_js__WEBPACK_IMPORTED_MODULE_3__  .LK)(SQL_REQUEST, field, 'name');
    const { rows } = result;
    if (Array.isArray(rows) && rows.every(Array.isArray))
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_2__  .dk(SQL_REQUEST, '`rows` is not a list of lists');
};
const sendStatement = async (url, { body, headers, send }) => {
    const { status, text } = await send({ ...SQL_REQUEST, url, headers, body });
    if (status === 200)
        checkResult(text);
    return new Response(text, { status });
};
const loadDriver = async () => {
    const { neon, neonConfig } = await __nccwpck_require__.e(  14).then(__nccwpck_require__.bind(__nccwpck_require__, 1014));
    if (neonConfig.fetchFunction === sendStatement)
        return neon;
    const { fetchEndpoint } = neonConfig;
    const neonEndpoint = (host) => typeof fetchEndpoint === 'function' ? fetchEndpoint(host, 443) : fetchEndpoint;
    neonConfig.fetchEndpoint = (host, port) => (0,_domains_loopback_js__WEBPACK_IMPORTED_MODULE_4__  .U)(host) ? `http://${host}:${port}/sql` : neonEndpoint(host);
    neonConfig.fetchFunction = sendStatement;
    return neon;
};
const connect = async (uri, send) => {
    const neon = await loadDriver();
    const sql = neon(uri, { fetchOptions: { send } });
    return async (statement) => {
        try {
            return await sql.query(statement);
        }
        catch (error) {
            throw error.sourceError ?? error;
        }
    };
};
const openDatabase = async (neon, branch, database, context) => {
    const uri = await neon.getConnectionUri(branch.id, database);
    const { password } = new URL(uri);
    for (const secret of [uri, password, (0,_core_decode_uri_component_js__WEBPACK_IMPORTED_MODULE_5__  .m)(password)])
        (0,_core_secrets_js__WEBPACK_IMPORTED_MODULE_0__  .cl)(secret);
    const sql = await connect(uri, context.send);
    return (statement) => {
        const repeatLost = statement.startsWith('SELECT') ? _network_lost_writes_js__WEBPACK_IMPORTED_MODULE_1__  .gf : _network_lost_writes_js__WEBPACK_IMPORTED_MODULE_1__  .fO;
        return repeatLost(() => sql(statement), context);
    };
};
  }),
  1207:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    e: () => (  isLostWrite),
    s: () => (  LostResponseError)
  });
class LostResponseError extends Error {
    name = 'LostResponseError';
    request;
    fault;
    constructor(request, message, cause, fault) {
        super(message, { cause });
        this.request = request;
        this.fault = fault;
    }
    get summary() {
        return `${this.request.method} ${this.request.path}: ${this.message}`;
    }
}
const isLostWrite = (error) => error instanceof LostResponseError && error.request.method !== 'GET';
  }),
  8267:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Pk: () => (  settleLostWrite),
    fO: () => (  repeatLostWrite),
    gf: () => (  repeatLostRead),
    s3: () => (  reconcileLostWrite),
    vy: () => (  findLostWrite)
  });
  var _core_deadline_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4717);
  var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1207);
  var _retry_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8904);
const MAX_ATTEMPTS = 5;
const reconcile = async (send, readBack, { deadline, log }, onLost = () => { }) => {
    let failure;
    for (let attempt = 0;; attempt++) {
        try {
            return await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, () => send(attempt));
        }
        catch (error) {
            if (!(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__  .e)(error))
                throw error;
            onLost();
            failure = error.summary;
            if (readBack) {
                log.info(`${failure}; checking whether it was applied`);
                const result = await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, readBack);
                if (result !== undefined)
                    return result;
            }
            if (error.fault?.isPermanent || attempt + 1 >= MAX_ATTEMPTS)
                throw error;
            await (0,_retry_js__WEBPACK_IMPORTED_MODULE_2__  .Gw)((0,_retry_js__WEBPACK_IMPORTED_MODULE_2__  .jo)(attempt), failure, error.request, deadline, log);
        }
    }
};
const afterLostResponse = new WeakSet();
const findLostWrite = (error) => {
    if (!(error instanceof Error))
        return undefined;
    return afterLostResponse.has(error) ? error : findLostWrite(error.cause);
};
const settleLostWrite = async (wasLost, work) => {
    try {
        return await work();
    }
    catch (error) {
        if (wasLost(error) && error instanceof Error)
            afterLostResponse.add(error);
        throw error;
    }
};
const reconcileLostWrite = (write, readBack, context) => {
    let wasLost = false;
    const onLost = () => {
        wasLost = true;
    };
    return settleLostWrite(() => wasLost, () => reconcile(write, readBack, context, onLost));
};
const repeatLostWrite = (write, context) => reconcileLostWrite(write, undefined, context);
const repeatLostRead = (read, context) => reconcile(read, undefined, context);
  }),
  1636:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Xg: () => (  describeResponse),
    oJ: () => (  isSuccess),
    yX: () => (  jsonFields)
  });
  var _core_fields_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(242);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2020);
const jsonFields = ({ text }) => (0,_core_fields_js__WEBPACK_IMPORTED_MODULE_1__  .L5)(text);
const describeResponse = ({ status, text }) => `the response was ${status}: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .TN)(text, 200) || '(empty)'}`;
const isSuccess = ({ status }) => status >= 200 && status < 300;
  }),
  305:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    g: () => (  pollUntil)
  });
  var _core_deadline_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4717);
  var _retry_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8904);
const PAUSE_MS = 250;
const pollUntil = async ({ attempt: attemptOnce, deadline, patienceMs = Number.POSITIVE_INFINITY, waitingFor, }) => {
    const start = performance.now();
    let failure;
    for (let attempt = 0;; attempt++) {
        const result = await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, () => attemptOnce(attempt));
        if (result.done)
            return result;
        const patience = typeof patienceMs === 'number' ? patienceMs : patienceMs(result.value);
        const pause = PAUSE_MS + (0,_retry_js__WEBPACK_IMPORTED_MODULE_1__  .jo)(attempt);
        const waited = performance.now() - start;
        if (waited + pause > patience || pause >= deadline.remaining())
            return result;
        failure = result.failure;
        await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, () => deadline.sleep(pause, waitingFor));
    }
};
  }),
  8904:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Gw: () => (  pauseBeforeRetry),
    U3: () => (  RETRYABLE_STATUSES),
    XF: () => (  sendRetrying),
    jo: () => (  backoffMs)
  });
  var _core_deadline_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4717);
  var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1207);
  var _messages_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1636);
const RETRYABLE_STATUSES = new Set([423, 429, 503]);
const UNCERTAIN_STATUSES = new Set([500, 502, 504]);
const MAX_LOST_READS = 6;
const MIN_WAIT_MS = 100;
const FIRST_WAIT_MS = 300;
const MAX_WAIT_MS = 10_000;
const backoffMs = (attempt) => MIN_WAIT_MS + Math.random() * Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
const retryAfterMs = (header, now = Date.now()) => {
    if (/^\d+(\.\d+)?$/.test(header))
        return Number(header) * 1000;
    const date = Date.parse(header);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
const attemptOnce = async (request, once) => {
    try {
        const response = await once(request);
        if (!UNCERTAIN_STATUSES.has(response.status))
            return { response };
        return { error: new _errors_js__WEBPACK_IMPORTED_MODULE_1__  .s(request, (0,_messages_js__WEBPACK_IMPORTED_MODULE_2__  .Xg)(response)) };
    }
    catch (error) {
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_1__  .s)
            return { error };
        throw error;
    }
};
const retryDelayMs = (request, result, attempt, lost) => {
    if ('error' in result) {
        const mayHelp = !result.error.fault?.isPermanent && lost < MAX_LOST_READS;
        return request.method === 'GET' && mayHelp ? backoffMs(attempt) : undefined;
    }
    const { status, headers } = result.response;
    if (!RETRYABLE_STATUSES.has(status))
        return undefined;
    const retryAfter = headers['retry-after'] ?? headers['x-retry-after'] ?? '';
    return (retryAfterMs(retryAfter) ?? 0) + backoffMs(attempt);
};
const describeFailure = ({ method, path }, result) => 'error' in result
    ? result.error.summary
    : `${method} ${path}: ${(0,_messages_js__WEBPACK_IMPORTED_MODULE_2__  .Xg)(result.response)}`;
const pauseBeforeRetry = (ms, failure, { method, path }, deadline, log) => {
    log.info(`${failure}; retrying in ${(ms / 1000).toFixed(1)} s`);
    const waitingFor = `waiting to retry ${method} ${path}`;
    return (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, () => deadline.sleep(ms, waitingFor));
};
const sendRetrying = async ({ beforeAttempt, ...request }, once, deadline, log) => {
    let failure;
    let lost = 0;
    for (let attempt = 0;; attempt++) {
        const result = await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_0__  .Y_)(failure, async () => {
            await beforeAttempt?.();
            return attemptOnce(request, once);
        });
        if ('error' in result)
            lost += 1;
        const wait = retryDelayMs(request, result, attempt, lost);
        if (wait === undefined || wait >= deadline.remaining()) {
            if ('error' in result)
                throw result.error;
            return result.response;
        }
        failure = describeFailure(request, result);
        await pauseBeforeRetry(wait, failure, request, deadline, log);
    }
};
  }),
  8565:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
__nccwpck_require__.d(__webpack_exports__, {
  q: () => (  runStepInProcess)
});
var external_os_ = __nccwpck_require__(857);
;
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
;
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
;
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
var external_fs_ = __nccwpck_require__(9896);
;
function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
;
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
;
const oidc_utils_OidcClient = {
  getIDToken() {
    throw new Error('OIDC tokens are not part of this bundle (scripts/bundle/replace.ts)')
  },
}
;
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};
const { access, appendFile, writeFile } = external_fs_.promises;
const SUMMARY_ENV_VAR = 'GITHUB_STEP_SUMMARY';
const SUMMARY_DOCS_URL = 'https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-job-summary';
class Summary {
    constructor() {
        this._buffer = '';
    }
    filePath() {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._filePath) {
                return this._filePath;
            }
            const pathFromEnv = process.env[SUMMARY_ENV_VAR];
            if (!pathFromEnv) {
                throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
            }
            try {
                yield access(pathFromEnv, external_fs_.constants.R_OK | external_fs_.constants.W_OK);
            }
            catch (_a) {
                throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
            }
            this._filePath = pathFromEnv;
            return this._filePath;
        });
    }
    wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('');
        if (!content) {
            return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
    }
    write(options) {
        return __awaiter(this, void 0, void 0, function* () {
            const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
            const filePath = yield this.filePath();
            const writeFunc = overwrite ? writeFile : appendFile;
            yield writeFunc(filePath, this._buffer, { encoding: 'utf8' });
            return this.emptyBuffer();
        });
    }
    clear() {
        return __awaiter(this, void 0, void 0, function* () {
            return this.emptyBuffer().write({ overwrite: true });
        });
    }
    stringify() {
        return this._buffer;
    }
    isEmptyBuffer() {
        return this._buffer.length === 0;
    }
    emptyBuffer() {
        this._buffer = '';
        return this;
    }
    addRaw(text, addEOL = false) {
        this._buffer += text;
        return addEOL ? this.addEOL() : this;
    }
    addEOL() {
        return this.addRaw(external_os_.EOL);
    }
    addCodeBlock(code, lang) {
        const attrs = Object.assign({}, (lang && { lang }));
        const element = this.wrap('pre', this.wrap('code', code), attrs);
        return this.addRaw(element).addEOL();
    }
    addList(items, ordered = false) {
        const tag = ordered ? 'ol' : 'ul';
        const listItems = items.map(item => this.wrap('li', item)).join('');
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
    }
    addTable(rows) {
        const tableBody = rows
            .map(row => {
            const cells = row
                .map(cell => {
                if (typeof cell === 'string') {
                    return this.wrap('td', cell);
                }
                const { header, data, colspan, rowspan } = cell;
                const tag = header ? 'th' : 'td';
                const attrs = Object.assign(Object.assign({}, (colspan && { colspan })), (rowspan && { rowspan }));
                return this.wrap(tag, data, attrs);
            })
                .join('');
            return this.wrap('tr', cells);
        })
            .join('');
        const element = this.wrap('table', tableBody);
        return this.addRaw(element).addEOL();
    }
    addDetails(label, content) {
        const element = this.wrap('details', this.wrap('summary', label) + content);
        return this.addRaw(element).addEOL();
    }
    addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, (width && { width })), (height && { height }));
        const element = this.wrap('img', null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
    }
    addHeading(text, level) {
        const tag = `h${level}`;
        const allowedTag = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].includes(tag)
            ? tag
            : 'h1';
        const element = this.wrap(allowedTag, text);
        return this.addRaw(element).addEOL();
    }
    addSeparator() {
        const element = this.wrap('hr', null);
        return this.addRaw(element).addEOL();
    }
    addBreak() {
        const element = this.wrap('br', null);
        return this.addRaw(element).addEOL();
    }
    addQuote(text, cite) {
        const attrs = Object.assign({}, (cite && { cite }));
        const element = this.wrap('blockquote', text, attrs);
        return this.addRaw(element).addEOL();
    }
    addLink(text, href) {
        const element = this.wrap('a', text, { href });
        return this.addRaw(element).addEOL();
    }
}
const _summary = new Summary();
const markdownSummary = (  null && (_summary));
const summary = _summary;
;
function toPosixPath(pth) {
    return pth.replace(/[\\]/g, '/');
}
function toWin32Path(pth) {
    return pth.replace(/[/]/g, '\\');
}
function toPlatformPath(pth) {
    return pth.replace(/[/\\]/g, path.sep);
}
;
var core_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};
var ExitCode;
(function (ExitCode) {
    ExitCode[ExitCode["Success"] = 0] = "Success";
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
    const convertedVal = utils_toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return file_command_issueFileCommand('ENV', file_command_prepareKeyValueMessage(name, val));
    }
    command_issueCommand('set-env', { name }, convertedVal);
}
function setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
function debug(message) {
    command_issueCommand('debug', {}, message);
}
function error(message, properties = {}) {
    command_issueCommand('error', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
    command_issueCommand('warning', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function notice(message, properties = {}) {
    command_issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
    process.stdout.write(message + external_os_.EOL);
}
function startGroup(name) {
    issue('group', name);
}
function endGroup() {
    issue('endgroup');
}
function group(name, fn) {
    return core_awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    }
    issueCommand('save-state', { name }, toCommandValue(value));
}
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return core_awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
var optional = __nccwpck_require__(1799);
var core_problem = __nccwpck_require__(652);
var secrets = __nccwpck_require__(8198);
var core_text = __nccwpck_require__(2020);
var loopback = __nccwpck_require__(3668);
;
const MAX_PULL_REQUEST_NUMBER = 2_147_483_647;
const isPullRequestNumber = (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= MAX_PULL_REQUEST_NUMBER;
const headRefOf = (ref) => {
    const name = (0,core_text .y0)(ref);
    return name && /^refs\/pull\/\d+\/head$/.test(name) ? undefined : name;
};
const areSame = (head, base) => {
    if (typeof head.id === 'number' && typeof base.id === 'number')
        return head.id === base.id;
    const headName = (0,core_text .y0)(head.full_name)?.toLowerCase();
    return headName !== undefined && headName === (0,core_text .y0)(base.full_name)?.toLowerCase();
};
const classifyHead = (head, base) => {
    if (head === null)
        return { isSameRepository: false, isFork: true };
    const isKnown = head && base && (head.full_name ?? head.id) !== undefined;
    if (!isKnown)
        return { isSameRepository: false, isFork: false };
    const isSameRepository = areSame(head, base);
    return { isSameRepository, isFork: !isSameRepository };
};
var wildcard = __nccwpck_require__(2829);
;
const PRODUCTION_WORDS = ['production', 'prod', 'live'];
const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
const namesProduction = (text) => wordsOf(text).some((word) => PRODUCTION_WORDS.includes(word));
const matchesPattern = (pattern, environment) => (0,wildcard ._)(pattern.toLowerCase(), environment.toLowerCase());
const mayIncludeProduction = (pattern) => !pattern.includes('*') || namesProduction(pattern);
const excludedEnvironment = (environment, isFlaggedProduction, patterns) => {
    const matches = (pattern) => matchesPattern(pattern, environment);
    const exclusions = patterns.filter((pattern) => pattern.startsWith('!'));
    const inclusions = patterns.filter((pattern) => !pattern.startsWith('!'));
    if (exclusions.some((pattern) => matches(pattern.slice(1).trim())))
        return 'excluded_environment';
    const matching = inclusions.filter(matches);
    const isProduction = isFlaggedProduction || namesProduction(environment);
    if (isProduction && !matching.some(mayIncludeProduction))
        return 'production';
    return inclusions.length > 0 && matching.length === 0 ? 'excluded_environment' : undefined;
};
const parseEnvironmentPatterns = (text) => text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
;
const INPUTS = {
    api_key: { type: 'string', default: '', isSecret: true },
    project_id: { type: 'string', default: '' },
    branch: { type: 'string', default: '' },
    mode: {
        type: 'enum',
        allowed: ['auto', 'enable', 'disable', 'status', 'doctor', 'sweep'],
        default: 'auto',
    },
    pr_number: { type: 'integer', default: '' },
    trusted_domains: { type: 'lines', default: '' },
    allow_shared_wildcards: { type: 'boolean', default: 'false' },
    discover_domains: { type: 'boolean', default: 'false' },
    discover_functions: { type: 'boolean', default: 'false' },
    deployment_environments: { type: 'lines', default: '' },
    prune_domains: { type: 'boolean', default: 'false' },
    allow_localhost: { type: 'boolean', default: '' },
    database: { type: 'string', default: '' },
    settings: { type: 'string', default: '' },
    isolate: { type: 'boolean', default: 'false' },
    oauth: { type: 'enum', allowed: ['keep', 'shared'], default: 'keep' },
    oauth_preflight: { type: 'boolean', default: 'false' },
    e2e_session: { type: 'string', default: '' },
    vercel_bypass: { type: 'string', default: '', isSecret: true },
    on_close: { type: 'enum', allowed: ['disable', 'untrust', 'keep'], default: 'disable' },
    delete_data: { type: 'boolean', default: 'false' },
    on_orphan_schema: { type: 'enum', allowed: ['fail', 'recreate', 'restore'], default: 'fail' },
    allow_protected: { type: 'boolean', default: 'false' },
    verify: { type: 'boolean', default: 'true' },
    timeout: { type: 'integer', default: '180' },
    missing_key: { type: 'enum', allowed: ['skip', 'fail'], default: 'skip' },
    export_env: { type: 'boolean', default: 'false' },
    comment: { type: 'boolean', default: 'false' },
    summary: { type: 'boolean', default: 'true' },
    dry_run: { type: 'boolean', default: 'false' },
    github_token: { type: 'string', default: '', isSecret: true },
    api_host: { type: 'string', default: 'https://console.neon.tech/api/v2' },
};
const readRunnerInput = (name) => getInput(name, { trimWhitespace: name !== 'trusted_domains' });
const registerSecretInputs = (read, env) => {
    for (const [name, declaration] of Object.entries(INPUTS))
        if ('isSecret' in declaration)
            (0,secrets .cl)(read(name));
    if (read('api_key') === '')
        (0,secrets .cl)((env['NEON_API_KEY'] ?? '').trim());
};
const wantsSummary = (read) => !/^false$/i.test(read('summary'));
const quoted = (text) => `"${(0,core_text .TN)(text, 120)}"`;
class InputReader {
    faults = [];
    #read;
    constructor(read) {
        this.#read = read;
    }
    #textOrDefault(name) {
        return this.#read(name) || INPUTS[name].default;
    }
    text(name) {
        return this.#textOrDefault(name);
    }
    addFault(name, fault) {
        this.faults.push(`\`${name}\`: ${fault}`);
    }
    boolean(name) {
        const text = this.text(name);
        if (text === '')
            return undefined;
        if (/^(true|True|TRUE)$/.test(text))
            return true;
        if (/^(false|False|FALSE)$/.test(text))
            return false;
        this.addFault(name, `${quoted(text)} is neither true nor false`);
        return undefined;
    }
    flag(name) {
        return this.boolean(name) ?? false;
    }
    choice(name) {
        const text = this.text(name);
        const allowed = INPUTS[name].allowed;
        const choice = allowed.find((value) => value === text);
        if (choice === undefined) {
            this.addFault(name, `${quoted(text)} is not one of ${allowed.join(', ')}`);
        }
        return choice ?? allowed[0];
    }
    wholeNumber(name, [min, max], noun) {
        const text = this.text(name);
        if (text === '')
            return undefined;
        const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
        if (value >= min && value <= max)
            return value;
        this.addFault(name, `${quoted(text)} is not ${noun} from ${min} to ${max}`);
        return undefined;
    }
    pullRequestNumber() {
        if (/^0+$/.test(this.text('pr_number')))
            return undefined;
        return this.wholeNumber('pr_number', [1, MAX_PULL_REQUEST_NUMBER], 'a pull request number');
    }
    secret(name, fromEnvironment = '') {
        const input = this.#textOrDefault(name);
        const text = input || fromEnvironment.trim();
        if (/[^\x21-\x7e]/.test(text)) {
            const source = input === '' ? 'NEON_API_KEY' : name;
            this.addFault(source, 'it contains whitespace or other characters that no key has');
        }
        return text;
    }
    projectId(fromEnvironment = '') {
        const input = this.text('project_id');
        const text = input || fromEnvironment.trim();
        if (text !== '' && !/^[\w-]{1,100}$/.test(text)) {
            const source = input === '' ? 'NEON_PROJECT_ID' : 'project_id';
            this.addFault(source, `${quoted(text)} is not a Neon ID (letters, digits, and dashes)`);
        }
        return text;
    }
    e2eSession() {
        const text = this.text('e2e_session');
        if (text === '' || /^(false|False|FALSE)$/.test(text))
            return undefined;
        if (/^(true|True|TRUE)$/.test(text))
            return true;
        if (/^[^\s@]+@[^\s@]+$/.test(text))
            return text;
        this.addFault('e2e_session', `${quoted(text)} is neither true, nor false, nor an email address`);
        return undefined;
    }
    environmentPatterns() {
        const patterns = parseEnvironmentPatterns(this.text('deployment_environments'));
        if (patterns.some((pattern) => /^!\s*$/.test(pattern))) {
            this.addFault('deployment_environments', 'a line contains only "!". Add a pattern after it');
        }
        return patterns;
    }
    apiHost() {
        const text = this.text('api_host');
        const url = URL.canParse(text) ? new URL(text) : undefined;
        const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && (0,loopback .U)(url.hostname));
        if (!url || !isSecure || url.username || url.password || /[?#]/.test(text)) {
            this.addFault('api_host', 'it must be a plain https:// URL, because the API key is sent there');
        }
        return text.replace(/\/+$/, '');
    }
}
const readAll = (reader, env) => {
    reader.flag('summary');
    return (0,optional .r)({
        apiKey: reader.secret('api_key', env['NEON_API_KEY']) || undefined,
        projectId: reader.projectId(env['NEON_PROJECT_ID']) || undefined,
        branch: reader.text('branch') || undefined,
        mode: reader.choice('mode'),
        prNumber: reader.pullRequestNumber(),
        trustedDomains: reader.text('trusted_domains'),
        allowSharedWildcards: reader.flag('allow_shared_wildcards'),
        discoverDomains: reader.flag('discover_domains'),
        discoverFunctions: reader.flag('discover_functions'),
        deploymentEnvironments: reader.environmentPatterns(),
        pruneDomains: reader.flag('prune_domains'),
        allowLocalhost: reader.boolean('allow_localhost'),
        database: reader.text('database') || undefined,
        settings: reader.text('settings') || undefined,
        isolate: reader.flag('isolate'),
        oauth: reader.choice('oauth'),
        oauthPreflight: reader.flag('oauth_preflight'),
        e2eSession: reader.e2eSession(),
        vercelBypass: reader.secret('vercel_bypass') || undefined,
        onClose: reader.choice('on_close'),
        deleteData: reader.flag('delete_data'),
        onOrphanSchema: reader.choice('on_orphan_schema'),
        allowProtected: reader.flag('allow_protected'),
        verify: reader.flag('verify'),
        timeout: reader.wholeNumber('timeout', [1, 21_600], 'a whole number of seconds') ?? 180,
        missingKey: reader.choice('missing_key'),
        exportEnv: reader.flag('export_env'),
        comment: reader.flag('comment'),
        dryRun: reader.flag('dry_run'),
        githubToken: reader.secret('github_token') || undefined,
        apiHost: reader.apiHost(),
    });
};
const readInputs = (read, env) => {
    const reader = new InputReader(read);
    const inputs = readAll(reader, env);
    const [first, ...others] = reader.faults;
    if (first === undefined)
        return inputs;
    throw new core_problem .A({
        what: others.length === 0
            ? `Cannot use ${first}.`
            : `${reader.faults.length} inputs cannot be used:\n${(0,core_text .fF)(reader.faults)}`,
        fix: 'correct it in the workflow. Nothing was changed in Neon',
    });
};
var external_node_util_ = __nccwpck_require__(7975);
;
const createJournal = () => ({ applied: [], inFlight: new Set() });
const recordApplied = ({ applied }, change) => {
    if (!applied.some((recorded) => (0,external_node_util_.isDeepStrictEqual)(recorded, change)))
        applied.push(change);
};
var external_node_fs_ = __nccwpck_require__(3024);
var fields = __nccwpck_require__(242);
;
const textOf = (value) => (0,core_text .y0)(value) ?? '';
const numberOf = (value) => {
    const { number } = (0,fields .Pf)(value);
    return isPullRequestNumber(number) ? number : undefined;
};
const mentionInIssue = (issue) => {
    const number = numberOf(issue);
    if (number === undefined)
        return undefined;
    if ((0,fields .Pf)(issue)['pull_request'])
        return { number };
    return {
        problem: `The event is about #${number}, which is an issue, not a pull request.`,
        fix: 'run this step only on pull requests with `if: github.event.issue.pull_request`, or set `branch` or `pr_number`',
    };
};
const HEAD_SHA_EXPRESSIONS = {
    check_run: '${{ github.event.check_run.head_sha }}',
    check_suite: '${{ github.event.check_suite.head_sha }}',
    workflow_run: '${{ github.event.workflow_run.head_sha }}',
};
const mergesInto = ({ base, url }, repository, repositoryId) => {
    const { id } = (0,fields .Pf)((0,fields .Pf)(base)['repo']);
    const path = `/repos/${repository}/pulls/`.toLowerCase();
    return (id !== undefined && id === repositoryId) || textOf(url).toLowerCase().includes(path);
};
const mentionInList = (event, { pull_requests: list }, isOwn) => {
    if (!Array.isArray(list))
        return undefined;
    const own = list.map(fields .Pf).filter(isOwn);
    const numbers = [...new Set(own.flatMap((pull) => numberOf(pull) ?? []))];
    const [number] = numbers;
    if (number === undefined) {
        return {
            problem: `The payload of \`${event}\` names no pull request of this repository. For a fork, \`github.event.${event}.pull_requests\` is always empty.`,
            fix: `set \`branch\` or \`pr_number\`. To find the number, use for example \`gh pr list --search ${HEAD_SHA_EXPRESSIONS[event] ?? ''}\`. Do not read it from a file that a fork's run uploaded`,
        };
    }
    if (numbers.length === 1)
        return { number };
    return {
        problem: `The payload of \`${event}\` names several pull requests: ${numbers.map((listed) => `#${listed}`).join(', ')}.`,
        fix: 'set `pr_number` to the number of the right one',
    };
};
const MERGE_QUEUE_REF = /(?:^|\/)gh-readonly-queue\/.+\/pr-(\d{1,10})-[0-9a-f]{40,64}$/;
const mentionInMergeGroup = ({ head_ref: ref }) => {
    const number = Number(MERGE_QUEUE_REF.exec(textOf(ref))?.[1] ?? 0);
    return isPullRequestNumber(number) ? { number } : undefined;
};
const findMention = (event, payload, repository) => {
    if (Object.hasOwn(HEAD_SHA_EXPRESSIONS, event)) {
        const { id } = (0,fields .Pf)(payload['repository']);
        const isOwn = (pull) => mergesInto(pull, repository, id);
        return mentionInList(event, (0,fields .Pf)(payload[event]), isOwn);
    }
    if (payload['issue'])
        return mentionInIssue(payload['issue']);
    return mentionInMergeGroup((0,fields .Pf)(payload['merge_group']));
};
const TARGET_HINTS = {
    workflow_dispatch: ', for example `pr_number: ${{ inputs.pr_number }}` from an input of the workflow',
    repository_dispatch: ', for example `pr_number: ${{ github.event.client_payload.pr_number }}` if the sender passes it',
    delete: ', for example `branch: preview/${{ github.event.ref }}`',
    create: ', for example `branch: preview/${{ github.event.ref }}`',
    push: ', for example `branch: preview/${{ github.ref_name }}`',
    schedule: '. A scheduled run that cleans up after closed pull requests needs only `mode: sweep`',
};
const targetHint = (event) => Object.hasOwn(TARGET_HINTS, event) ? (TARGET_HINTS[event] ?? '') : '';
;
const readPayload = (path) => {
    if (!path)
        return {};
    try {
        const payload = JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
        if ((0,fields .Ce)(payload))
            return payload;
        throw new Error('it is not a JSON object');
    }
    catch (error) {
        throw new core_problem .A({
            what: `Could not read the event payload from GITHUB_EVENT_PATH (${path}): ${(0,core_problem .b)(error)}`,
            fix: 'the runner writes this file; run the job again',
            cause: error,
        });
    }
};
const parseRepository = (value) => {
    if (!(0,fields .Ce)(value))
        return value === null ? null : undefined;
    const { id, full_name: name } = value;
    return {
        ...(typeof id === 'number' && { id }),
        ...(0,optional .l)('full_name', (0,core_text .y0)(name)),
    };
};
const parsePullRequest = (payload, workflowRepository) => {
    const pull = payload['pull_request'];
    if (!(0,fields .Ce)(pull))
        return undefined;
    const number = pull['number'] ?? payload['number'];
    if (!isPullRequestNumber(number))
        return undefined;
    const head = (0,fields .Pf)(pull['head']);
    const baseRepository = parseRepository((0,fields .Pf)(pull['base'])['repo']) ??
        parseRepository(payload['repository']) ??
        workflowRepository;
    const isClosed = pull['state'] === 'closed' || payload['action'] === 'closed';
    return {
        number,
        ...classifyHead(parseRepository(head['repo']), baseRepository),
        state: isClosed ? 'closed' : 'open',
        ...(0,optional .l)('headRef', headRefOf(head['ref'])),
        ...(0,optional .l)('headSha', (0,core_text .y0)(head['sha'])),
        ...(0,optional .l)('author', (0,core_text .y0)((0,fields .Pf)(pull['user'])['login'])),
    };
};
const parseDeployment = (payload) => {
    const deployment = (0,fields .Pf)(payload['deployment']);
    const status = (0,fields .Pf)(payload['deployment_status']);
    const state = (0,core_text .y0)(status['state']);
    const sha = (0,core_text .y0)(deployment['sha']);
    if (!state || !sha)
        return undefined;
    const environment = (0,core_text .y0)(status['environment']) ?? (0,core_text .y0)(deployment['environment']) ?? '';
    return {
        state,
        sha,
        environment,
        isFlaggedProduction: deployment['production_environment'] === true,
        ...(0,optional .l)('ref', (0,core_text .y0)(deployment['ref'])),
        ...(0,optional .l)('url', (0,core_text .y0)(status['environment_url'])),
    };
};
const firstText = (...values) => values.map(core_text .y0).find(Boolean) ?? '';
const readEvent = (env) => {
    const payload = readPayload(env['GITHUB_EVENT_PATH']);
    const { full_name: fullName, default_branch: defaultBranch } = (0,fields .Pf)(payload['repository']);
    const { login: sender } = (0,fields .Pf)(payload['sender']);
    const repository = firstText(env['GITHUB_REPOSITORY'], fullName);
    const pullRequest = parsePullRequest(payload, { full_name: repository });
    const deployment = parseDeployment(payload);
    const name = firstText(env['GITHUB_EVENT_NAME']);
    const mention = pullRequest ? undefined : findMention(name, payload, repository);
    return {
        name,
        repository,
        actor: firstText(env['GITHUB_ACTOR'], sender),
        ...(0,optional .l)('action', (0,core_text .y0)(payload['action'])),
        ...(pullRequest && { pullRequest }),
        ...(mention && { mention }),
        ...(deployment && { deployment }),
        ...(0,optional .l)('defaultBranch', (0,core_text .y0)(defaultBranch)),
    };
};
;
const LIKELY_DEFAULT_BRANCHES = ['main', 'master'];
const gitBranchOf = (ref) => ref?.replace(/^refs\/heads\//, '');
const isDefaultBranch = (ref, defaultBranch) => {
    const branch = gitBranchOf(ref);
    if (branch === undefined)
        return false;
    return defaultBranch === undefined
        ? LIKELY_DEFAULT_BRANCHES.includes(branch)
        : branch === defaultBranch;
};
const pullRequestOfRef = (ref) => {
    const number = Number(/^(?:refs\/)?pull\/(\d{1,10})\/merge$/.exec(ref ?? '')?.[1]);
    return number > 0 ? number : undefined;
};
const whyNotPreview = ({ environment, isFlaggedProduction, ref }, { defaultBranch, environments }) => excludedEnvironment(environment, isFlaggedProduction, environments) ??
    (isDefaultBranch(ref, defaultBranch) ? 'default_branch' : undefined);
const proposesDefaultBranch = ({ headRef, isFork }, defaultBranch) => !isFork && isDefaultBranch(headRef, defaultBranch);
const isOfHead = ({ sha }, { headSha }) => sha === undefined || sha === headSha;
const whyUnrelated = (deployment, pull) => {
    const number = pullRequestOfRef(deployment.ref);
    if (number !== undefined)
        return number === pull.number ? undefined : 'other_pull_request';
    return isOfHead(deployment, pull) ? undefined : 'other_commit';
};
const successesOf = ({ statuses }) => statuses.filter(({ state }) => state === 'success');
const inReportedEnvironment = ({ environment }, deployment) => (environment === undefined ? deployment : { ...deployment, environment });
const previewUrlsOf = (deployment, rules) => successesOf(deployment).flatMap((status) => {
    const { url } = status;
    const reported = inReportedEnvironment(status, deployment);
    if (url === undefined || whyNotPreview(reported, rules))
        return [];
    const { environment, creator } = reported;
    return [{ environment, url, ...(creator && { creator }) }];
});
const exclusionReason = (deployment, pull, rules) => {
    if (proposesDefaultBranch(pull, rules.defaultBranch))
        return 'default_branch';
    const reason = whyNotPreview(deployment, rules) ?? whyUnrelated(deployment, pull);
    if (reason)
        return reason;
    const successes = successesOf(deployment);
    if (successes.length === 0)
        return 'not_successful';
    const withUrl = successes.filter(({ url }) => url !== undefined);
    if (withUrl.length === 0)
        return 'no_url';
    const reasons = withUrl.map((status) => whyNotPreview(inReportedEnvironment(status, deployment), rules));
    return reasons.includes(undefined) ? undefined : reasons[0];
};
const unique = (urls) => {
    const byUrl = new Map();
    for (const deploymentUrl of urls) {
        const { environment, url } = deploymentUrl;
        const key = JSON.stringify([environment, url]);
        if (!byUrl.has(key))
            byUrl.set(key, deploymentUrl);
    }
    return [...byUrl.values()];
};
const isUnsettled = ({ statuses }) => statuses[0]?.state !== 'inactive';
const selectDeployments = (deployments, pull, rules) => {
    const urls = [];
    const excluded = [];
    const unsettled = new Set();
    const environmentsOfMergeRef = new Set();
    for (const deployment of deployments.toSorted((a, b) => b.id - a.id)) {
        const { environment } = deployment;
        const isReplaced = !isOfHead(deployment, pull) && environmentsOfMergeRef.has(environment);
        const reason = exclusionReason(deployment, pull, rules) ?? (isReplaced ? 'replaced' : undefined);
        if (reason === 'not_successful' && isUnsettled(deployment))
            unsettled.add(environment);
        if (reason) {
            excluded.push({ deployment, reason });
            continue;
        }
        if (!isOfHead(deployment, pull))
            environmentsOfMergeRef.add(environment);
        urls.push(...previewUrlsOf(deployment, rules));
    }
    return { urls: unique(urls), excluded, unsettled };
};
;
const PULL_REQUEST_EVENTS = ['pull_request', 'pull_request_target'];
const ADD_KEY = 'create an API key for this project (Neon Console \u2192 Settings \u2192 API keys), save it as the ' +
    'secret NEON_API_KEY, and pass `api_key: ${{ secrets.NEON_API_KEY }}`. ' +
    'In a called workflow, the caller must pass its secrets with `secrets: inherit`';
const DEPENDABOT = 'dependabot[bot]';
const skipIntent = (reason, why) => ({
    kind: 'skip',
    reason,
    why,
});
const skipWithoutSecrets = ({ name, pullRequest: pull, actor, }) => {
    if (!pull)
        return undefined;
    if (pull.isFork) {
        const cause = name === 'pull_request_target' ? '' : 'GitHub gives forks no secrets, so ';
        const why = `pull request #${pull.number} comes from a fork, and ${cause}there is no Neon API key here`;
        return skipIntent('fork_without_secrets', why);
    }
    if (actor !== DEPENDABOT)
        return undefined;
    const why = `Dependabot started this run for pull request #${pull.number}, so it reads Dependabot secrets only (Settings \u2192 Secrets and variables \u2192 Dependabot), and NEON_API_KEY is not among them`;
    return skipIntent('dependabot_without_secrets', why);
};
const missingKeyProblem = ({ pullRequest: pull }, why) => {
    const dependabotHint = pull?.author === DEPENDABOT
        ? `. The pull request is Dependabot's, but somebody else started this run, so it reads the secrets for Actions, not those for Dependabot`
        : '';
    return new core_problem .A({
        what: 'There is no Neon API key: the input `api_key` and the variable NEON_API_KEY are empty.',
        why: why ??
            `the secret does not exist, has another name, belongs to an environment that this job does not use, or was not passed to a called workflow${dependabotHint}`,
        fix: ADD_KEY,
    });
};
const skipMissingKey = (event, inputs) => {
    const skipped = skipWithoutSecrets(event);
    if (skipped && inputs.missingKey === 'skip')
        return skipped;
    throw missingKeyProblem(event, skipped && `${skipped.why} (with \`missing_key: skip\`, such runs succeed)`);
};
const missingProjectProblem = () => new core_problem .A({
    what: 'There is no Neon project: the input `project_id` and the variable NEON_PROJECT_ID are empty.',
    fix: 'pass `project_id: ${{ vars.NEON_PROJECT_ID }}`; find the ID in Neon Console \u2192 Settings \u2192 General. Keep it a variable, not a secret: GitHub drops job outputs that contain a secret',
});
const RUN_KINDS = {
    enable: 'enable',
    disable: 'close',
    status: 'status',
    doctor: 'doctor',
    sweep: 'sweep',
};
const decideKind = (event, inputs) => {
    if (inputs.mode !== 'auto')
        return RUN_KINDS[inputs.mode];
    if (PULL_REQUEST_EVENTS.includes(event.name))
        return event.action === 'closed' ? 'close' : 'enable';
    if (event.name === 'deployment_status' && event.deployment)
        return 'enable';
    const number = eventPullRequestNumber(event);
    const target = number === undefined
        ? ` and, except for sweep, \`branch\` or \`pr_number\`${targetHint(event.name)}`
        : `. The event already identifies pull request #${number}`;
    throw new core_problem .A({
        what: `With \`mode: auto\`, this action handles pull_request, pull_request_target, and deployment_status events; this run was started by ${event.name || 'no known event'}.`,
        fix: `set \`mode\` (${Object.keys(RUN_KINDS).join(', ')})${target}`,
    });
};
const eventPullRequestNumber = ({ pullRequest, mention }) => pullRequest?.number ?? (mention && 'number' in mention ? mention.number : undefined);
const noTargetProblem = ({ name, mention }) => mention && 'problem' in mention
    ? new core_problem .A({
        what: `${mention.problem} Neither \`branch\` nor \`pr_number\` is set.`,
        fix: mention.fix,
    })
    : new core_problem .A({
        what: `This run was started by ${name || 'no known event'}, whose payload names no pull request, and neither \`branch\` nor \`pr_number\` is set.`,
        fix: `set \`branch\` (a Neon branch name or ID) or \`pr_number\`${targetHint(name)}`,
    });
const decideTarget = (event, inputs, { kind, deployment }) => {
    const pull = event.pullRequest;
    const prNumber = inputs.prNumber ?? eventPullRequestNumber(event) ?? pullRequestOfRef(deployment?.ref);
    if (inputs.branch === undefined && prNumber === undefined && !deployment)
        throw noTargetProblem(event);
    return {
        ...(0,optional .l)('branch', inputs.branch),
        ...(0,optional .l)('prNumber', prNumber),
        ...(pull && pull.number === prNumber && { pullRequest: pull }),
        ...(kind === 'enable' && deployment && { deployment }),
    };
};
const skipUnlessPreview = (deployment, { defaultBranch }, { deploymentEnvironments }) => {
    const environment = (0,core_text .TN)(deployment.environment, 100);
    if (deployment.state !== 'success') {
        const why = `the deployment to ${environment} has the status ${(0,core_text .TN)(deployment.state, 50)}, not success`;
        return skipIntent('deployment_not_successful', why);
    }
    const rules = { defaultBranch, environments: deploymentEnvironments };
    switch (whyNotPreview(deployment, rules)) {
        case 'production':
            return skipIntent('production_deployment', `${environment} is a production environment, not a preview (to include it, name it in \`deployment_environments\`)`);
        case 'excluded_environment':
            return skipIntent('excluded_environment', `\`deployment_environments\` does not include ${environment}`);
        case 'default_branch':
            return skipIntent('not_a_preview', `the deployment to ${environment} is for the repository's default branch, not for a pull request`);
        default:
            return undefined;
    }
};
const decideDeployment = (kind, event, inputs) => {
    const { deployment } = event;
    const { mode, branch, prNumber } = inputs;
    if (!deployment)
        return {};
    if (kind !== 'enable')
        return { deployment };
    const skipped = skipUnlessPreview(deployment, event, inputs);
    if (!skipped)
        return { deployment };
    const hasExplicitTarget = mode === 'enable' && (branch !== undefined || prNumber !== undefined);
    return hasExplicitTarget ? {} : { skipped };
};
const decideIntent = (event, inputs) => {
    const kind = decideKind(event, inputs);
    const { skipped, ...deployed } = decideDeployment(kind, event, inputs);
    if (skipped)
        return skipped;
    const target = kind === 'sweep' ? {} : decideTarget(event, inputs, { kind, ...deployed });
    if (kind === 'close' && inputs.onClose === 'keep')
        return { kind: 'keep' };
    const { apiKey, projectId } = inputs;
    if (apiKey === undefined)
        return skipMissingKey(event, inputs);
    if (projectId === undefined)
        throw missingProjectProblem();
    if (kind === 'sweep')
        return { kind, apiKey, projectId };
    if (kind === 'enable' && target.pullRequest?.state === 'closed')
        return skipClosed(target);
    return { kind, target, apiKey, projectId };
};
const skipClosed = ({ prNumber }) => skipIntent('pull_request_closed', `pull request #${prNumber} is closed, so this run does not turn its auth back on`);
const skipReopened = ({ prNumber }) => skipIntent('pull_request_reopened', `pull request #${prNumber} was reopened while this run was cleaning up after it`);
var core_deadline = __nccwpck_require__(4717);
;
const NO_RESPONSE = 599;
class UnusableResponseError extends Error {
    name = 'UnusableResponseError';
}
const statusOf = (error) => {
    const { status, response } = error;
    return typeof status === 'number' && (status !== 500 || response) ? status : NO_RESPONSE;
};
const graphqlErrors = ({ errors }) => Array.isArray(errors) ? errors.map(fields .Pf) : [];
const githubMessage = (error) => {
    if (error instanceof TypeError)
        return "its response does not match GitHub's documentation";
    const rest = (0,core_text .y0)((0,fields .Pf)(error.response?.data)['message']);
    const graphql = graphqlErrors(error).map(({ message }) => String(message));
    return (0,core_text .TN)(rest ?? (graphql.join('; ') || (0,core_problem .b)(error)), 200);
};
const headersOf = (error) => {
    const { headers, response } = error;
    return (0,fields .Pf)(response?.headers ?? headers);
};
const DEFAULT_WAIT_MS = 60_000;
const MIN_WAIT_MS = 1_000;
const rateLimitWait = (headers) => {
    const retryAfter = Number.parseInt(String(headers['retry-after']), 10);
    const reset = Number.parseInt(String(headers['x-ratelimit-reset']), 10);
    const untilReset = headers['x-ratelimit-remaining'] === '0' ? reset * 1000 - Date.now() : Number.NaN;
    const wait = [retryAfter * 1000, untilReset].find((ms) => !Number.isNaN(ms)) ?? DEFAULT_WAIT_MS;
    return Math.max(MIN_WAIT_MS, wait);
};
const isRateLimit = (error, status, text) => {
    if (graphqlErrors(error).some(({ type }) => type === 'RATE_LIMITED'))
        return true;
    const headers = headersOf(error);
    const hasLimitHeader = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined;
    return status === 429 || (status === 403 && (hasLimitHeader || /rate limit/i.test(text)));
};
const isGraphql = (error) => String(error.request?.url).endsWith('/graphql');
const reasonOf = (error, status, text) => {
    if (/resource not accessible/i.test(text))
        return 'permission';
    if (status === 401)
        return 'bad-token';
    if (isRateLimit(error, status, text))
        return 'rate-limit';
    if (/IP allow list/i.test(text))
        return 'ip-allow-list';
    if (/\bSAML\b|single sign-on/i.test(text))
        return 'single-sign-on';
    if (/\blocked\b/i.test(text))
        return 'locked';
    if (status === 404)
        return isGraphql(error) ? 'no-graphql' : 'not-found';
    return status >= 500 ? 'lost' : 'other';
};
const formatEnd = (waitMs) => new Date(Date.now() + waitMs).toISOString().replace(/\.\d+/, '');
const permissionAdvice = (permission) => {
    const forkNote = permission.endsWith('write')
        ? "; on a fork's pull request, the token can only read"
        : '';
    return `add \`permissions: ${permission}\` to the job${forkNote}`;
};
const adviceFor = (reason, text, permission) => {
    switch (reason) {
        case 'bad-token':
            return 'the token in `github_token` is not valid, or has expired: pass `${{ github.token }}` or a new token';
        case 'ip-allow-list':
            return "the organization's IP allow list does not include this runner";
        case 'single-sign-on':
            return "authorize the token in `github_token` for the organization's single sign-on";
        case 'locked':
            return 'unlock the conversation, or set `comment: false`';
        case 'permission':
            return permissionAdvice(permission);
        case 'not-found':
            return text === 'Not Found'
                ? `it does not exist, or the token cannot see it: ${permissionAdvice(permission)}`
                : '';
        case 'no-graphql':
            return 'this server has no GraphQL API (Gitea and Forgejo have none), so this is not supported here';
        default:
            return '';
    }
};
const explainRefusal = (error, permission) => {
    const status = statusOf(error);
    const text = githubMessage(error);
    const reason = reasonOf(error, status, text);
    const summary = status === NO_RESPONSE ? text : `${status}, ${text}`;
    if (reason === 'rate-limit') {
        const waitMs = rateLimitWait(headersOf(error));
        const message = `${summary}; the token's rate limit resets at ${formatEnd(waitMs)}`;
        return { status, reason, message, waitMs };
    }
    const advice = adviceFor(reason, text, permission);
    return { status, reason, message: [summary, advice].filter(Boolean).join('; ') };
};
;
const hasNoBody = (status) => [204, 205, 304].includes(status);
const octokitFetch = (send) => async (url, { method, headers, body } = {}) => {
    const response = await send({
        method: method,
        url: String(url),
        headers: headers,
        ...(typeof body === 'string' && { body }),
    });
    const { status, text } = response;
    return new Response(hasNoBody(status) ? null : text, {
        status,
        headers: { ...response.headers },
    });
};
var messages = __nccwpck_require__(1636);
;
const apiUrl = () => process.env['GITHUB_API_URL'] || 'https://api.github.com';
class RestError extends Error {
    name = 'RestError';
    status;
    response;
    constructor(status, headers, data) {
        super(typeof data === 'string'
            ? data || '(empty response)'
            : `Unknown error: ${JSON.stringify(data)}`);
        this.status = status;
        this.response = { headers, data };
    }
}
const parse = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
};
const authorization = (token) => `${token.split('.').length === 3 ? 'bearer' : 'token'} ${token}`;
const readResource = async (path, token, send) => {
    const response = await send({
        method: 'GET',
        url: `${apiUrl()}${path}`,
        headers: { accept: 'application/vnd.github+json', authorization: authorization(token) },
    });
    const { status, headers, text } = response;
    if ((0,messages .oJ)(response))
        return parse(text);
    throw new RestError(status, headers, parse(text));
};
var errors = __nccwpck_require__(1207);
;
const MAX_TIMEOUT_MS = 10_000;
const MIN_TIMEOUT_MS = 1_000;
const MAX_REDIRECTS = 5;
const timeoutMs = (deadline) => Math.min(MAX_TIMEOUT_MS, Math.max(MIN_TIMEOUT_MS, deadline.remaining() / 4));
const sendOnce = async (send, request) => {
    try {
        return await send(request);
    }
    catch (error) {
        if (error instanceof errors .s && error.fault?.isPermanent)
            throw new UnusableResponseError(error.message, { cause: error });
        throw error;
    }
};
const redirectTarget = ({ status, headers }, from) => {
    const { location } = headers;
    if (status < 301 || status > 308 || status === 304 || location === undefined)
        return undefined;
    if (!URL.canParse(location, from))
        throw new UnusableResponseError('it redirects to an invalid URL');
    const target = new URL(location, from);
    const { origin } = new URL(from);
    if (target.origin === origin)
        return target.href;
    throw new UnusableResponseError(`it redirects to ${target.origin}, and the token is sent to ${origin} only`);
};
const sendToGitHub = async (request, send, deadline) => {
    let { url } = request;
    for (let redirects = 0;; redirects++) {
        const { pathname } = new URL(url);
        const maxAttemptMs = timeoutMs(deadline);
        const response = await sendOnce(send, { ...request, url, path: pathname, maxAttemptMs });
        const next = redirectTarget(response, url);
        if (next === undefined)
            return response;
        if (redirects === MAX_REDIRECTS)
            throw new UnusableResponseError(`it redirects more than ${MAX_REDIRECTS} times`);
        url = next;
    }
};
;
const ATTEMPTS = 3;
const RATE_LIMIT_SHARE = 0.75;
const isUnusableResponse = (error) => error instanceof UnusableResponseError ||
    error instanceof TypeError ||
    error.cause instanceof UnusableResponseError;
class GitHubError extends Error {
    name = 'GitHubError';
    status;
    reason;
    isLost;
    isPermanent;
    waitMs;
    mayLackPermission;
    constructor(error, permission) {
        const { status, reason, message, waitMs } = explainRefusal(error, permission);
        super(message, { cause: error });
        this.status = status;
        this.reason = reason;
        this.isLost = status >= 500;
        this.isPermanent = isUnusableResponse(error);
        this.waitMs = waitMs;
        this.mayLackPermission = reason === 'permission' || reason === 'not-found';
    }
}
const sendWithOctokit = async (request, { token, owner, repo, send }) => {
    const { getOctokit } = await __nccwpck_require__.e(  119).then(__nccwpck_require__.bind(__nccwpck_require__, 2119));
    const octokit = getOctokit(token, { baseUrl: apiUrl() });
    return request(octokit, { owner, repo, request: { fetch: octokitFetch(send) } });
};
const retryDelayMs = ({ isLost, isPermanent, waitMs }, { attempt, attempts }, remainingMs) => {
    if (waitMs !== undefined)
        return waitMs <= remainingMs * RATE_LIMIT_SHARE ? waitMs : undefined;
    const pause = attempt * 500;
    const mayRetry = isLost && !isPermanent && attempt < attempts && pause < remainingMs;
    return mayRetry ? pause : undefined;
};
const callWithRetries = async (permission, attemptOnce, attempts, deadline) => {
    let failure;
    for (let attempt = 1;;) {
        try {
            return await attemptOnce();
        }
        catch (error) {
            if (deadline.signal.aborted)
                throw deadline.abortError('waiting for GitHub', error).quoting(failure);
            const githubError = new GitHubError(error, permission);
            const pause = retryDelayMs(githubError, { attempt, attempts }, deadline.remaining());
            if (pause === undefined)
                throw githubError;
            failure = githubError.message;
            const waitingFor = 'waiting to retry a request to GitHub';
            await (0,core_deadline .Y_)(failure, () => deadline.sleep(pause, waitingFor));
            if (githubError.waitMs === undefined)
                attempt++;
        }
    }
};
const createGitHub = (token, repository, deadline, send) => {
    const [owner, repo] = repository.split('/');
    if (!token || !owner || !repo)
        return undefined;
    const sendRequest = (request) => sendToGitHub(request, send, deadline);
    const connection = { token, owner, repo, send: sendRequest };
    const call = (permission, request, { attempts } = { attempts: ATTEMPTS }) => callWithRetries(permission, () => sendWithOctokit(request, connection), attempts, deadline);
    const repositoryPath = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`;
    return {
        repository,
        isApp: token.startsWith('ghs_'),
        call,
        read: (permission, resource, convert) => callWithRetries(permission, async () => convert(await readResource(`${repositoryPath}${resource}`, token, sendRequest)), ATTEMPTS, deadline),
    };
};
;
const EMPTY_RECORD = { run: 0, attempt: 0, deployed: [] };
const MAX_RECORD_LENGTH = 24_000;
const isOlder = (a, b) => a.run < b.run || (a.run === b.run && a.attempt < b.attempt);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value, maxLength) => typeof value === 'string' && value !== '' && value.length <= maxLength;
const isOrigin = (value) => isText(value, 300) && URL.canParse(value) && new URL(value).origin === value;
const parseDeployed = (value) => {
    const { environment, origin, sha } = (0,fields .Pf)(value);
    const isValid = isText(environment, 300) && isOrigin(origin) && isText(sha, 64) && /^\w+$/.test(sha);
    return isValid ? [{ environment, origin, sha }] : [];
};
const parseBranch = (value) => {
    const { id, name } = (0,fields .Pf)(value);
    return isText(id, 100) && isText(name, 300) ? { id, name } : undefined;
};
const parseRecord = (value) => {
    const { run, attempt, branch: branchFields, deployed } = (0,fields .Pf)(value);
    if (!isCount(run) || !isCount(attempt))
        return EMPTY_RECORD;
    const branch = parseBranch(branchFields);
    const entries = Array.isArray(deployed) ? deployed.flatMap(parseDeployed) : [];
    return { run, attempt, ...(branch && { branch }), deployed: entries };
};
const decodeRecord = (text) => {
    try {
        return parseRecord(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    }
    catch {
        return EMPTY_RECORD;
    }
};
const newestThatFit = (deployed) => {
    const kept = new Map();
    let size = 0;
    for (const entry of deployed.flatMap(parseDeployed).toReversed()) {
        const key = JSON.stringify([entry.environment, entry.origin]);
        if (kept.has(key))
            continue;
        const text = JSON.stringify(entry);
        size += ((Buffer.byteLength(text) + 1) * 4) / 3;
        if (size > MAX_RECORD_LENGTH - 2_000)
            break;
        kept.set(key, entry);
    }
    return [...kept.values()].toReversed();
};
const encodeRecord = (record) => Buffer.from(JSON.stringify({ ...record, deployed: newestThatFit(record.deployed) })).toString('base64url');
;
const MAX_BODY_LENGTH = 65_536;
const SHORTENED_NOTE = 'This comment was shortened. The job summary has the rest.';
const fittingLines = (block, limit) => {
    const lines = block.split('\n');
    const [first = ''] = lines;
    const isTable = first.endsWith('<table>');
    if (!isTable && !first.startsWith('- '))
        return '';
    const [opening, closing] = isTable ? [`${first}\n`, lines.at(-1) ?? ''] : ['', ''];
    let kept = opening;
    for (const line of isTable ? lines.slice(1, -1) : lines) {
        if (kept.length + line.length + 1 + closing.length <= limit)
            kept += `${line}\n`;
    }
    return kept === opening ? '' : `${kept}${closing}`.trimEnd();
};
const fitMarkdown = (markdown, limit) => {
    if (markdown.length <= limit)
        return markdown;
    const kept = [];
    let remaining = limit - SHORTENED_NOTE.length;
    for (const block of markdown.split('\n\n')) {
        const isWhole = block.length + 2 <= remaining;
        const part = isWhole ? block : fittingLines(block, remaining - 2);
        if (part) {
            kept.push(part);
            remaining -= part.length + 2;
        }
        if (!isWhole)
            break;
    }
    return [...kept, SHORTENED_NOTE].join('\n\n');
};
const commentBody = (projectId, record, markdown) => {
    const marker = `<!-- neon-auth-preview ${projectId} ${encodeRecord(record)} -->\n`;
    return `${marker}${fitMarkdown(markdown, MAX_BODY_LENGTH - marker.length)}`;
};
const parseCommentRecord = (body, projectId) => {
    const [, project, record] = /^<!-- neon-auth-preview (\S+) ([\w-]*) -->/.exec(body) ?? [];
    return project === projectId ? decodeRecord(record ?? '') : undefined;
};
;
const isNext = (parameters) => {
    const [, relations = ''] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? [];
    return relations.toLowerCase().split(/\s+/).includes('next');
};
const hasNextPage = (link = '') => [...link.matchAll(/<[^>]*>([^<]*)/g)].some(([, parameters = '']) => isNext(parameters));
;
const PAGE_SIZE = 100;
const MAX_PAGES = 50;
const readPages = async (github, { permission, maxPages, entries, isEntry }, fetchPage) => {
    const items = [];
    for (let page = 1; page <= maxPages; page++) {
        const { data, headers } = await github.call(permission, async (octokit, options) => {
            const response = await fetchPage(octokit, { ...options, page, per_page: PAGE_SIZE });
            if (Array.isArray(response.data) && response.data.every(isEntry))
                return response;
            throw new UnusableResponseError(`its response is not a list of ${entries}`);
        });
        items.push(...data);
        if (!hasNextPage(headers.link))
            return { items, isComplete: true };
    }
    return { items, isComplete: false };
};
const readAllPages = async (github, list, fetchPage) => {
    const { items, isComplete } = await readPages(github, { ...list, maxPages: MAX_PAGES }, fetchPage);
    if (isComplete)
        return items;
    const error = new UnusableResponseError(`its list does not end after ${MAX_PAGES} pages`);
    throw new GitHubError(error, list.permission);
};
;
const BOT_SUFFIX = '[bot]';
const toViewer = (login, id) => {
    if (typeof login !== 'string')
        throw new UnusableResponseError('its response names no account');
    return { login, ...(Number.isSafeInteger(id) && { id: id }) };
};
const fetchFromGraphql = (github, permission) => github.call(permission, async (octokit, { request }) => {
    const { viewer } = await octokit.graphql('query { viewer { login databaseId } }', { request });
    return toViewer(viewer.login, viewer.databaseId);
});
const fetchFromRest = (github, permission) => github.call(permission, async (octokit, { request }) => {
    const { data } = await octokit.rest.users.getAuthenticated({ request });
    return toViewer(data.login, data.id);
});
const fetchViewer = async (github, permission) => {
    try {
        return await fetchFromGraphql(github, permission);
    }
    catch (error) {
        if (!(error instanceof GitHubError) || error.reason !== 'no-graphql')
            throw error;
        return fetchFromRest(github, permission).catch((restError) => {
            throw restError instanceof GitHubError ? error : restError;
        });
    }
};
const isViewer = (account, { login, id }, { isApp }) => {
    if (!account)
        return false;
    const isBot = isApp || login.endsWith(BOT_SUFFIX);
    if (account.type !== undefined && (account.type === 'Bot') !== isBot)
        return false;
    if (id !== undefined && account.id !== undefined)
        return account.id === id;
    const fullLogin = isBot && !login.endsWith(BOT_SUFFIX) ? `${login}${BOT_SUFFIX}` : login;
    return (0,core_text .y0)(account.login)?.toLowerCase() === fullLogin.toLowerCase();
};
;
const PERMISSION = 'pull-requests: write';
const COMMENTS = {
    permission: PERMISSION,
    entries: 'comments with IDs',
    isEntry: (comment) => Number.isSafeInteger(comment?.id),
};
const OVERLAP_MS = 60_000;
const readSince = async (github, number, since) => {
    let date;
    const time = since && `${new Date(since).toISOString().slice(0, -5)}Z`;
    const fetched = await readAllPages(github, COMMENTS, async (octokit, options) => {
        const query = { issue_number: number, ...(time && { since: time }) };
        const response = await octokit.rest.issues.listComments({ ...options, ...query });
        if (options.page === 1)
            date = response.headers.date;
        return response;
    });
    const readAt = Date.parse(date ?? '');
    return { fetched, readAt: Number.isNaN(readAt) ? undefined : readAt };
};
const openOwnComments = (github, projectId) => {
    const cache = new Map();
    let viewer;
    const list = async (number) => {
        const { comments: cached = [], readAt: lastReadAt } = cache.get(number) ?? {};
        const since = lastReadAt && lastReadAt - OVERLAP_MS;
        const [account, { fetched, readAt }] = await Promise.all([
            viewer ?? fetchViewer(github, PERMISSION),
            readSince(github, number, since),
        ]);
        viewer = account;
        const changed = fetched.flatMap(({ id, body, user }) => {
            const record = parseCommentRecord(body ?? '', projectId);
            return record && isViewer(user, account, github) ? [{ id, record }] : [];
        });
        const fetchedIds = new Set(fetched.map(({ id }) => id));
        const unchanged = since === undefined ? [] : cached.filter(({ id }) => !fetchedIds.has(id));
        const comments = [...unchanged, ...changed].sort((a, b) => a.id - b.id);
        cache.set(number, { comments, readAt });
        return comments;
    };
    return { github, projectId, list, forget: (number) => void cache.delete(number) };
};
var response_checks = __nccwpck_require__(6199);
;
const nextCursor = (request, page) => (0,optional .l)('next', (0,response_checks .mR)(request, (0,response_checks .oN)(request, page, 'pagination'), 'next'));
const readCursorPages = async (readPage) => {
    const pages = [];
    const seenCursors = new Set();
    for (let cursor;;) {
        const page = await readPage(cursor);
        pages.push(page);
        cursor = page.next;
        if (!cursor || seenCursors.has(cursor))
            return pages;
        seenCursors.add(cursor);
    }
};
;
const MAX_PAGE_SIZE = 1000;
const pageQuery = (cursor) => ({
    limit: MAX_PAGE_SIZE,
    ...(cursor && { cursor }),
});
const createFunctionsClient = ({ call }, branchPath) => ({
    async listFunctions(branchId, cursor) {
        const params = { ...branchPath(branchId), query: pageQuery(cursor) };
        const url = '/projects/{project_id}/branches/{branch_id}/functions';
        const { request, json } = await call('GET', url, params);
        const page = json();
        const items = (0,response_checks .J6)(request, page, 'functions').map((neonFunction) => ({
            slug: (0,response_checks .LK)(request, neonFunction, 'slug'),
            ...(0,optional .l)('invocationUrl', (0,response_checks .mR)(request, neonFunction, 'invocation_url')),
        }));
        return { items, ...nextCursor(request, page) };
    },
    async listCustomDomains(branchId, cursor) {
        const params = { ...branchPath(branchId), query: pageQuery(cursor) };
        const url = '/projects/{project_id}/branches/{branch_id}/custom-domains';
        const { request, json } = await call('GET', url, params);
        const page = json();
        const items = (0,response_checks .J6)(request, page, 'custom_domains').map((customDomain) => ({
            domain: (0,response_checks .LK)(request, customDomain, 'domain'),
            entityType: (0,response_checks .LK)(request, customDomain, 'entity_type'),
            ...(0,optional .l)('status', (0,response_checks .mR)(request, customDomain, 'status')),
            ...(0,optional .l)('statusReason', (0,response_checks .mR)(request, customDomain, 'status_reason')),
        }));
        return { items, ...nextCursor(request, page) };
    },
});
var external_node_crypto_ = __nccwpck_require__(7598);
var neon_errors = __nccwpck_require__(8105);
;
const GONE = [404, 410];
const isNeonError = (response) => typeof (0,messages .yX)(response)['message'] === 'string';
const foreignFault = (response) => GONE.includes(response.status) && !isNeonError(response) ? neon_errors .Hi : undefined;
const AUTH = '/projects/{project_id}/branches/{branch_id}/auth';
const fillPath = (template, path) => Object.entries(path).reduce((filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(String(value))), template);
const formatQuery = (query) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
        if (value !== undefined)
            search.set(name, String(value));
    }
    return search.size > 0 ? `?${search}` : '';
};
const apiError = (request, response) => {
    const { status, text } = response;
    if (!isNeonError(response)) {
        return new neon_errors .tB(request, { status, message: (0,core_text .TN)(text, 300), isForeign: true });
    }
    const { message, code, request_id } = (0,messages .yX)(response);
    return new neon_errors .tB(request, {
        status,
        message: String(message),
        code: (0,core_text .y0)(code),
        requestId: (0,core_text .y0)(request_id),
    });
};
const exists = (response) => {
    if (!GONE.includes(response.status))
        return true;
    if (response.isGone)
        return false;
    throw response.error();
};
const createApi = (send, apiHost, apiKey) => {
    const call = async (method, url, params, accept = [], hooks = {}) => {
        const path = fillPath(url, params.path ?? {});
        const requestId = (0,external_node_crypto_.randomUUID)();
        const hasBody = params.body !== undefined;
        const request = {
            ...hooks,
            method,
            path,
            requestId,
            foreignFault,
            url: `${apiHost}${path}${formatQuery(params.query)}`,
            headers: {
                accept: 'application/json',
                authorization: `Bearer ${apiKey}`,
                'x-request-id': requestId,
                ...(hasBody && { 'content-type': 'application/json' }),
            },
            ...(hasBody && { body: JSON.stringify(params.body) }),
        };
        const response = await send(request);
        const error = () => apiError(request, response);
        if (!(0,messages .oJ)(response) && !accept.includes(response.status))
            throw error();
        return {
            request,
            status: response.status,
            json: () => (0,response_checks .$k)(request, response.text),
            error,
            isGone: GONE.includes(response.status) && isNeonError(response) && !(0,neon_errors .w7)(error()),
        };
    };
    return {
        call,
        async readIfExists(url, params) {
            const response = await call('GET', url, params, GONE);
            return exists(response) ? response : undefined;
        },
        async remove(url, params, hooks) {
            return exists(await call('DELETE', url, params, GONE, hooks)) ? 'removed' : 'gone';
        },
    };
};
;
const GROUPS_WITH_SWITCH = ['organization', 'magic_link', 'phone_number', 'email_and_password'];
const createReads = ({ readIfExists }, branchPath) => ({
    async getPlugins(branchId) {
        const response = await readIfExists(`${AUTH}/plugins`, branchPath(branchId));
        if (!response)
            return undefined;
        const { request } = response;
        const plugins = (0,response_checks .Le)(response.json());
        for (const name of GROUPS_WITH_SWITCH) {
            if (name in plugins)
                (0,response_checks .ak)(request, (0,response_checks .oN)(request, plugins, name), 'enabled');
        }
        (0,response_checks .mR)(request, (0,response_checks .oN)(request, plugins, 'email_provider'), 'host');
        if (!('oauth_providers' in plugins))
            return plugins;
        for (const provider of (0,response_checks .J6)(request, plugins, 'oauth_providers')) {
            (0,response_checks .LK)(request, provider, 'id');
            (0,response_checks .LK)(request, provider, 'type');
        }
        return plugins;
    },
    async getWebhook(branchId) {
        const response = await readIfExists(`${AUTH}/webhooks`, branchPath(branchId));
        if (!response)
            return undefined;
        const webhook = (0,response_checks .Le)(response.json());
        (0,response_checks .mR)(response.request, webhook, 'webhook_url');
        (0,response_checks .nr)(response.request, webhook, 'enabled_events');
        return { ...webhook, enabled: (0,response_checks .ak)(response.request, webhook, 'enabled') };
    },
    async getEmailProviderType(branchId) {
        const url = `${AUTH}/email_provider`;
        const response = await readIfExists(url, branchPath(branchId));
        return response && (0,response_checks .LK)(response.request, response.json(), 'type');
    },
});
const PLUGIN_URLS = {
    organization: `${AUTH}/plugins/organization`,
    magic_link: `${AUTH}/plugins/magic-link`,
    phone_number: `${AUTH}/plugins/phone-number`,
};
const createWrites = ({ call }, branchPath) => {
    const patch = async (url, branchId, body) => {
        await call('PATCH', url, { ...branchPath(branchId), body });
    };
    return {
        async putWebhook(branchId, body) {
            const params = { ...branchPath(branchId), body };
            await call('PUT', `${AUTH}/webhooks`, params);
        },
        setName: (branchId, name) => patch(`${AUTH}/config`, branchId, { name }),
        setEmailProvider: (branchId, body) => patch(`${AUTH}/email_provider`, branchId, body),
        setEmailAndPassword: (branchId, body) => patch(`${AUTH}/email_and_password`, branchId, body),
        updatePlugin: (branchId, { plugin, set }) => patch(PLUGIN_URLS[plugin], branchId, set),
    };
};
const oauthClient = ({ call, remove }, branchPath) => {
    const providerPath = (branchId, id) => ({
        path: { ...branchPath(branchId).path, oauth_provider_id: id },
    });
    const providerUrl = `${AUTH}/oauth_providers/{oauth_provider_id}`;
    return {
        async addOauthProvider(branchId, id, credentials = {}) {
            const params = { ...branchPath(branchId), body: { id, ...credentials } };
            await call('POST', `${AUTH}/oauth_providers`, params);
        },
        async updateOauthProvider(branchId, id, body) {
            const params = { ...providerPath(branchId, id), body };
            await call('PATCH', providerUrl, params);
        },
        async removeOauthProvider(branchId, id) {
            await remove(providerUrl, providerPath(branchId, id));
        },
    };
};
const userClient = ({ call, remove }, branchPath) => {
    const userPath = (branchId, userId) => ({
        path: { ...branchPath(branchId).path, auth_user_id: userId },
    });
    const userUrl = `${AUTH}/users/{auth_user_id}`;
    return {
        async createUser(branchId, email, name) {
            const params = { ...branchPath(branchId), body: { email, name } };
            const url = `${AUTH}/users`;
            const response = await call('POST', url, params, [409]);
            if (response.status === 409)
                return undefined;
            return (0,response_checks .LK)(response.request, response.json(), 'id');
        },
        async deleteUser(branchId, userId) {
            return remove(userUrl, userPath(branchId, userId));
        },
        async setRoles(branchId, userId, roles) {
            const params = { ...userPath(branchId, userId), body: { roles } };
            await call('PUT', `${userUrl}/role`, params);
        },
        async testEmailProvider(branchId, recipient_email) {
            const params = { ...branchPath(branchId), body: { recipient_email } };
            const url = `${AUTH}/email_provider/test`;
            const response = await call('POST', url, params, [404, 405]);
            if (response.status >= 400)
                return undefined;
            return testEmailResult(response.request, response.json());
        },
        async sendTestEmail(branchId, body) {
            const params = { ...branchPath(branchId), body };
            const url = `${AUTH}/send_test_email`;
            const { request, json } = await call('POST', url, params);
            return testEmailResult(request, json());
        },
    };
};
const testEmailResult = (request, response) => {
    const { error_message } = response;
    return {
        success: (0,response_checks .ak)(request, response, 'success'),
        ...(typeof error_message === 'string' && { error_message }),
    };
};
const createSettingsClient = (api, branchPath) => ({
    ...createReads(api, branchPath),
    ...createWrites(api, branchPath),
    ...oauthClient(api, branchPath),
    ...userClient(api, branchPath),
});
;
const AUTH_TEXT_FIELDS = ['auth_provider_project_id', 'db_name', 'base_url', 'jwks_url', 'name'];
const authClient = ({ call, readIfExists, remove }, branchPath) => ({
    async getAuth(branchId) {
        const response = await readIfExists(AUTH, branchPath(branchId));
        if (!response)
            return undefined;
        const auth = response.json();
        (0,response_checks .LK)(response.request, auth, 'auth_provider');
        for (const name of AUTH_TEXT_FIELDS)
            (0,response_checks .mR)(response.request, auth, name);
        return (0,response_checks .Le)(auth);
    },
    async createAuth(branchId, database, beforeAttempt) {
        const body = {
            auth_provider: 'better_auth',
            ...(database !== undefined && { database_name: database }),
        };
        const params = { ...branchPath(branchId), body };
        const response = await call('POST', AUTH, params, [409], { beforeAttempt });
        if (response.status === 409)
            return { conflict: response.error() };
        return { created: readCreatedAuth(response) };
    },
    async disableAuth(branchId, deleteData, beforeAttempt) {
        const params = { ...branchPath(branchId), body: { delete_data: deleteData } };
        return remove(AUTH, params, { beforeAttempt });
    },
});
const readCreatedAuth = (response) => {
    try {
        const texts = Object.entries(response.json()).filter(([, value]) => typeof value === 'string');
        const created = Object.fromEntries(texts);
        (0,secrets .cl)(created.secret_server_key ?? '');
        return created;
    }
    catch {
        return {};
    }
};
const domainClient = ({ call, readIfExists }, branchPath) => ({
    async listDomains(branchId) {
        const response = await readIfExists(`${AUTH}/domains`, branchPath(branchId));
        if (!response)
            return undefined;
        const { request } = response;
        return (0,response_checks .J6)(request, response.json(), 'domains').map((entry) => ({
            domain: (0,response_checks .LK)(request, entry, 'domain'),
            auth_provider: ((0,response_checks .mR)(request, entry, 'auth_provider') ??
                'better_auth'),
        }));
    },
    async addDomain(branchId, domain) {
        const body = { domain, auth_provider: 'better_auth' };
        const params = { ...branchPath(branchId), body };
        const url = `${AUTH}/domains`;
        const { status } = await call('POST', url, params, [409]);
        return status === 409 ? 'exists' : 'added';
    },
    async removeDomains(branchId, domains) {
        const auth_provider = domains[0]?.auth_provider ?? 'better_auth';
        const body = { auth_provider, domains: domains.map(({ domain }) => ({ domain })) };
        const url = `${AUTH}/domains`;
        const params = { ...branchPath(branchId), body };
        await call('DELETE', url, params);
    },
    async getAllowLocalhost(branchId) {
        const response = await readIfExists(`${AUTH}/allow_localhost`, branchPath(branchId));
        return response && (0,response_checks .ak)(response.request, response.json(), 'allow_localhost');
    },
    async setAllowLocalhost(branchId, allow) {
        const params = { ...branchPath(branchId), body: { allow_localhost: allow } };
        await call('PATCH', `${AUTH}/allow_localhost`, params);
    },
});
const checkBranch = (request, branch) => {
    (0,response_checks .f$)(request, branch, 'id');
    (0,response_checks .LK)(request, branch, 'name');
    (0,response_checks .ak)(request, branch, 'default');
    (0,response_checks .ak)(request, branch, 'protected');
    (0,response_checks .mR)(request, branch, 'parent_id');
};
const checkAnnotation = (request, annotation) => {
    const { value } = (0,response_checks .to)(request, annotation, 'an annotation');
    const values = (0,response_checks .to)(request, value, '`value` of an annotation');
    (0,response_checks .mR)(request, values, 'github-pr-number');
    (0,response_checks .mR)(request, values, 'github-commit-repo');
};
const branchClient = ({ call, readIfExists }, projectId, branchPath) => ({
    async listBranches(query) {
        const params = { path: { project_id: projectId }, query };
        const url = '/projects/{project_id}/branches';
        const { request, json } = await call('GET', url, params);
        const page = json();
        const branches = (0,response_checks .J6)(request, page, 'branches');
        for (const branch of branches)
            checkBranch(request, branch);
        const annotations = (0,response_checks .oN)(request, page, 'annotations');
        for (const annotation of Object.values(annotations))
            checkAnnotation(request, annotation);
        return {
            branches: branches,
            annotations: annotations,
            ...nextCursor(request, page),
        };
    },
    async getBranch(branchId) {
        const url = '/projects/{project_id}/branches/{branch_id}';
        const response = await readIfExists(url, branchPath(branchId));
        if (!response)
            return undefined;
        const { request } = response;
        const branch = (0,response_checks .to)(request, response.json()['branch'], '`branch`');
        checkBranch(request, branch);
        return branch;
    },
    async listEndpointIds(branchId) {
        const url = '/projects/{project_id}/branches/{branch_id}/endpoints';
        const params = branchPath(branchId);
        const { request, json } = await call('GET', url, params);
        return (0,response_checks .J6)(request, json(), 'endpoints').map((endpoint) => (0,response_checks .f$)(request, endpoint, 'id'));
    },
    async listDatabases(branchId) {
        const url = '/projects/{project_id}/branches/{branch_id}/databases';
        const params = branchPath(branchId);
        const { request, json } = await call('GET', url, params);
        return (0,response_checks .J6)(request, json(), 'databases').map((database) => ({
            name: (0,response_checks .LK)(request, database, 'name'),
            owner: (0,response_checks .LK)(request, database, 'owner_name'),
        }));
    },
    async getConnectionUri(branchId, { name, owner }) {
        const query = { branch_id: branchId, database_name: name, role_name: owner };
        const url = '/projects/{project_id}/connection_uri';
        const params = { path: { project_id: projectId }, query };
        const { request, json } = await call('GET', url, params);
        return (0,response_checks .sI)(request, json(), 'uri');
    },
});
const confirmingWrites = (send, confirm) => (request) => {
    if (request.method === 'GET')
        return send(request);
    const beforeAttempt = async () => {
        await confirm(request.method === 'DELETE' ? 'removal' : 'write');
        await request.beforeAttempt?.();
    };
    return send({ ...request, beforeAttempt });
};
const createNeonClient = (send, access, confirm) => {
    const { apiHost, apiKey, projectId } = access;
    const api = createApi(confirm ? confirmingWrites(send, confirm) : send, apiHost, apiKey);
    const branchPath = (branchId) => ({
        path: { project_id: projectId, branch_id: branchId },
    });
    return {
        projectId,
        ...branchClient(api, projectId, branchPath),
        ...authClient(api, branchPath),
        ...domainClient(api, branchPath),
        ...createFunctionsClient(api, branchPath),
        ...createSettingsClient(api, branchPath),
        confirming: (confirmWrite) => createNeonClient(send, access, confirmWrite),
    };
};
var external_node_diagnostics_channel_ = __nccwpck_require__(3053);
var agent = __nccwpck_require__(7405);
var agent_default =  __nccwpck_require__.n(agent);
;
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
;
const HTTPS = ['https_proxy', 'HTTPS_PROXY'];
const HTTP = ['http_proxy', 'HTTP_PROXY'];
const completeProxies = (env) => {
    for (const name of [...HTTPS, ...HTTP]) {
        const value = env[name]?.trim();
        if (value && !value.includes('://'))
            env[name] = `http://${value.replace(/^\/+/, '')}`;
    }
};
const isUsable = (proxy) => {
    if (!URL.canParse(proxy))
        return false;
    const { protocol, username, password } = new URL(proxy);
    try {
        decodeURIComponent(`${username}${password}`);
    }
    catch {
        return false;
    }
    return protocol === 'http:' || protocol === 'https:';
};
const checkProxy = (request, env) => {
    const url = new URL(request.url);
    const names = url.protocol === 'https:' ? HTTPS : HTTP;
    const name = names.find((variable) => env[variable]);
    const proxy = name && env[name];
    if (!proxy || isUsable(proxy) || checkBypass(url))
        return;
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(proxy)?.[0];
    const message = `the proxy in ${name}${scheme ? ` (${scheme}\u2026)` : ''} is not supported`;
    throw new errors .s(request, message, undefined, {
        why: 'only HTTP proxies work (http:// or https://), not SOCKS, and special characters in the user name and password must be percent-encoded',
        fix: `set ${name} to http://host:port or http://user:password@host:port, or list ${url.hostname} in NO_PROXY if the runner reaches it directly`,
        isPermanent: true,
    });
};
const findProxy = (url) => {
    const proxy = getProxyUrl(url);
    return proxy?.hostname ? proxy : undefined;
};
var retry = __nccwpck_require__(8904);
var api_request = __nccwpck_require__(4043);
var api_request_default =  __nccwpck_require__.n(api_request);
;
const VERSION = '1.0.0';
;
const UNTRUSTED_CERTIFICATE_CODES = new Set([
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const WRONG_CERTIFICATE_CODES = new Set([
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const TLS_INSPECTION = {
    why: 'a proxy or firewall decrypts TLS connections (TLS inspection), and Node.js does not trust its certificate',
    fix: 'save its CA certificate as a PEM file on the runner and set NODE_EXTRA_CA_CERTS to its path, in the `env` of this step or for the whole runner',
    isPermanent: true,
};
const WRONG_CERTIFICATE = {
    why: "the certificate has expired, is not valid yet, or was issued for another host (it may be a proxy's, or the runner's clock may be wrong)",
    fix: "check the runner's clock, its proxy (HTTPS_PROXY, NO_PROXY), and `api_host`",
    isPermanent: true,
};
const PROXY_LOGIN = {
    why: 'the proxy in HTTPS_PROXY requires a user name and password, or rejected the ones it got',
    fix: 'set HTTPS_PROXY to http://user:password@host:port (percent-encode special characters), or list the host in NO_PROXY',
    isPermanent: true,
};
const PROXY_REFUSAL = {
    why: 'the proxy in HTTPS_PROXY does not let this runner connect to the host',
    fix: 'allow the host in the proxy, or list it in NO_PROXY if the runner reaches it directly',
    isPermanent: true,
};
const tunnelStatus = (message) => Number(/^Proxy response \((\d+)\)/.exec(message)?.[1] ?? 0);
const networkFault = (error) => {
    const { code, message } = error;
    if (typeof code === 'string' && UNTRUSTED_CERTIFICATE_CODES.has(code))
        return TLS_INSPECTION;
    if (typeof code === 'string' && WRONG_CERTIFICATE_CODES.has(code))
        return WRONG_CERTIFICATE;
    const status = tunnelStatus(String(message));
    if (status === 407)
        return PROXY_LOGIN;
    return status >= 400 && status < 500 ? PROXY_REFUSAL : undefined;
};
;
const MAX_ATTEMPT_MS = 30_000;
const USUAL_MIN_ATTEMPT_MS = 5_000;
const MIN_ATTEMPT_MS = 1_000;
const LONG_ATTEMPT_SHARE = 0.75;
const MAX_BYTES = 32_000_000;
const tooLarge = (host) => ({
    why: `something other than the expected service answered at ${host}, or a proxy changed the response`,
    fix: "check the runner's proxy (HTTPS_PROXY, NO_PROXY), and `api_host` if it names that host",
    isPermanent: true,
});
const TOO_SLOW = {
    why: "the server is slow or overloaded, a firewall drops the runner's packets, or the run's `timeout` is too short for it",
    fix: 'increase `timeout` (seconds), and check that the runner reaches the host (proxy: HTTPS_PROXY, NO_PROXY; `api_host`)',
    isPermanent: false,
};
const attemptLimit = (deadline, { maxAttemptMs, isLongRunning }) => {
    const remaining = deadline.remaining();
    if (isLongRunning)
        return Math.ceil(Math.max(MIN_ATTEMPT_MS, remaining * LONG_ATTEMPT_SHARE));
    const share = Math.max(remaining / 4, Math.min(USUAL_MIN_ATTEMPT_MS, remaining / 2));
    return Math.ceil(Math.min(maxAttemptMs ?? MAX_ATTEMPT_MS, Math.max(MIN_ATTEMPT_MS, share)));
};
const toLostResponse = (request, error, limitMs) => {
    if (error instanceof errors .s)
        return error;
    if (error instanceof Error && error.name === 'TimeoutError') {
        const message = `no response within ${Math.round(limitMs / 1000)} s`;
        return new errors .s(request, message, error, TOO_SLOW);
    }
    const code = error.code;
    const message = [(0,core_problem .b)(error), code].filter(Boolean).join(', ');
    return new errors .s(request, message, error, networkFault(error));
};
const readText = async (request, body) => {
    const { maxBytes = MAX_BYTES } = request;
    const chunks = [];
    let size = 0;
    for await (const chunk of body) {
        size += chunk.length;
        if (size > maxBytes) {
            const message = `the response is larger than ${maxBytes / 1_000_000} MB, the most that this action reads`;
            throw new errors .s(request, message, undefined, tooLarge(new URL(request.url).host));
        }
        chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
};
const receive = async (request, dispatcher, signal) => {
    const { origin, pathname, search } = new URL(request.url);
    const { statusCode, headers, body } = await api_request_default().call(dispatcher, {
        origin,
        path: `${pathname}${search}`,
        method: request.method,
        headers: {
            'user-agent': `neon-auth-preview-action/${VERSION}`,
            'accept-encoding': 'identity',
            ...request.headers,
        },
        body: request.body ?? null,
        signal,
    });
    const { 'set-cookie': setCookie } = headers;
    const headerTexts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return {
        status: statusCode,
        headers: Object.fromEntries(headerTexts),
        text: await readText(request, body),
        ...(setCookie !== undefined && { setCookie: [setCookie].flat() }),
    };
};
const transport_sendOnce = async (request, deadline, dispatcher) => {
    const limitMs = attemptLimit(deadline, request);
    const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(limitMs)]);
    let response;
    try {
        response = await receive(request, dispatcher, signal);
    }
    catch (error) {
        if (deadline.signal.aborted) {
            throw deadline.abortError(`waiting for ${request.method} ${request.path}`, error);
        }
        throw toLostResponse(request, error, limitMs);
    }
    const fault = request.foreignFault?.(response);
    if (!fault)
        return response;
    throw new errors .s(request, (0,messages .Xg)(response), undefined, fault);
};
;
const SENDING = 'undici:client:sendHeaders';
const createDispatcherLookup = () => {
    const direct = new (agent_default())();
    const byProxy = new Map();
    return async (url) => {
        const proxy = findProxy(url);
        if (!proxy)
            return direct;
        const { createProxyAgent } = await __nccwpck_require__.e(  54).then(__nccwpck_require__.bind(__nccwpck_require__, 6054));
        const agent = byProxy.get(proxy.href) ?? createProxyAgent(proxy);
        byProxy.set(proxy.href, agent);
        return agent;
    };
};
const createHttp = (deadline, log) => {
    const dispatcherFor = createDispatcherLookup();
    const once = async (request) => {
        checkProxy(request, process.env);
        const dispatcher = await dispatcherFor(new URL(request.url));
        const started = performance.now();
        const response = await transport_sendOnce(request, deadline, dispatcher);
        deadline.recordResponse(performance.now() - started);
        return response;
    };
    const firstSent = new Promise((resolve) => {
        const onSent = () => {
            (0,external_node_diagnostics_channel_.unsubscribe)(SENDING, onSent);
            resolve();
        };
        (0,external_node_diagnostics_channel_.subscribe)(SENDING, onSent);
    });
    return { firstSent, once, retrying: (request) => (0,retry .XF)(request, once, deadline, log) };
};
;
const wording = (verb, pastVerb, object) => ({
    imperative: `${verb} ${object}.`,
    past: `${pastVerb} ${object}.`,
});
var domains_origin = __nccwpck_require__(9659);
var settings_plugins = __nccwpck_require__(7177);
;
const KINDS = {
    set_name: true,
    update_email_and_password: true,
    set_email_provider: true,
    update_plugin: true,
    add_oauth_provider: true,
    update_oauth_provider: true,
    remove_oauth_provider: true,
    set_webhook: true,
};
const isSettingsChange = (change) => Object.hasOwn(KINDS, change.change);
const settingOfChange = (change) => {
    switch (change.change) {
        case 'set_name':
            return 'name';
        case 'update_email_and_password':
            return 'email_and_password';
        case 'set_email_provider':
            return 'email_provider';
        case 'update_plugin':
            return `plugins.${change.plugin}`;
        case 'add_oauth_provider':
        case 'update_oauth_provider':
        case 'remove_oauth_provider':
            return `oauth_providers.${change.provider}`;
        case 'set_webhook':
            return 'webhook';
    }
};
const withoutPassword = (provider) => {
    const { password: _, ...visible } = { password: undefined, ...provider };
    return visible;
};
const sentPart = (change) => {
    switch (change.change) {
        case 'set_name':
            return { name: change.name };
        case 'update_email_and_password':
        case 'update_plugin':
            return change.set;
        case 'set_email_provider':
            return withoutPassword(change.provider);
        case 'add_oauth_provider':
        case 'update_oauth_provider': {
            const { client_id } = change.credentials ?? {};
            const type = client_id === undefined ? 'shared' : 'standard';
            return { type, ...(client_id !== undefined && { client_id }) };
        }
        case 'remove_oauth_provider':
            return {};
        case 'set_webhook':
            return change.webhook;
    }
};
const storedPart = (change, { name, plugins, webhook }) => {
    switch (change.change) {
        case 'set_name':
            return { name };
        case 'update_email_and_password':
            return plugins.email_and_password ?? {};
        case 'set_email_provider':
            return plugins.email_provider ?? {};
        case 'update_plugin':
            return plugins[change.plugin] ?? {};
        case 'add_oauth_provider':
        case 'update_oauth_provider':
        case 'remove_oauth_provider':
            return plugins.oauth_providers?.find(({ id }) => id === change.provider) ?? {};
        case 'set_webhook':
            return webhook;
    }
};
const withoutSecrets = (change) => {
    switch (change.change) {
        case 'set_name':
        case 'update_email_and_password':
        case 'update_plugin':
        case 'remove_oauth_provider':
            return change;
        case 'set_email_provider':
            return { ...change, provider: withoutPassword(change.provider) };
        case 'add_oauth_provider':
        case 'update_oauth_provider': {
            if (!change.credentials)
                return change;
            const { client_secret: _, ...visible } = change.credentials;
            return { ...change, credentials: visible };
        }
        case 'set_webhook': {
            const { webhook_url, ...webhook } = change.webhook;
            const origin = webhook_url === undefined ? {} : { webhook_url: (0,domains_origin .yv)(webhook_url) };
            return { ...change, webhook: { ...webhook, ...origin } };
        }
    }
};
const UNITS = { expires_in: 'minutes', otp_expires_in: 'seconds' };
const formatAssignments = (set) => Object.entries(set)
    .map(([key, value]) => {
    const unit = UNITS[key];
    return `${key} = ${JSON.stringify(value)}${unit ? ` ${unit}` : ''}`;
})
    .join(', ');
const webhookWording = ({ enabled, webhook_url = 'no URL', enabled_events = [], }) => enabled
    ? wording('Set', 'Set', `the webhook to send events to ${(0,domains_origin .yv)(webhook_url)}: ${enabled_events.join(', ') || 'none'}`)
    : wording('Disable', 'Disabled', 'the webhook');
const emailWording = (provider) => {
    const server = provider.type === 'shared'
        ? "Neon's shared provider"
        : (provider.host ?? 'the SMTP server that is already set');
    return wording('Set', 'Set', `the email server to ${server}`);
};
const settingsWording = (change) => {
    switch (change.change) {
        case 'set_name':
            return wording('Name', 'Named', `the application ${change.name}`);
        case 'update_email_and_password':
            return wording('Set', 'Set', `sign-in with email and password: ${formatAssignments(change.set)}`);
        case 'set_email_provider':
            return emailWording(change.provider);
        case 'update_plugin':
            return wording('Set', 'Set', `the plugin for ${settings_plugins .Y[change.plugin]}: ${formatAssignments(change.set)}`);
        case 'add_oauth_provider': {
            const whose = change.credentials ? 'your own' : "Neon's shared";
            return wording('Add', 'Added', `sign-in with ${change.provider}, with ${whose} credentials`);
        }
        case 'update_oauth_provider':
            return wording('Set', 'Set', `your own credentials for sign-in with ${change.provider}`);
        case 'remove_oauth_provider':
            return wording('Remove', 'Removed', `sign-in with ${change.provider}`);
        case 'set_webhook':
            return webhookWording(change.webhook);
    }
};
var external_node_url_ = __nccwpck_require__(3136);
;
const MASK = /^[*\u2022]+$|\*{3,}|\u2022{3,}/;
const isHidden = (stored) => stored === undefined ||
    stored === null ||
    (typeof stored === 'string' && (stored.trim() === '' || MASK.test(stored)));
const asUrl = (text) => (URL.canParse(text) ? new URL(text).href : text);
const asHost = (text) => (0,external_node_url_.domainToASCII)(text.replace(/\.$/, '')) || text;
const NORMALIZERS = {
    webhook_url: asUrl,
    host: asHost,
    sender_email: (text) => text.toLowerCase(),
};
const normalize = (key, value) => {
    if (Array.isArray(value))
        return [...value].map((item) => normalize(key, item)).sort();
    if (typeof value === 'object' && value !== null)
        return value;
    const text = String(value).trim().normalize('NFC');
    return NORMALIZERS[key]?.(text) ?? text;
};
const hasSameMeaning = (key, a, b) => (0,external_node_util_.isDeepStrictEqual)(normalize(key, a), normalize(key, b));
;
const difference = (wanted, stored, writeOnly) => Object.fromEntries(Object.entries(wanted).filter(([key, value]) => {
    const shown = stored?.[key];
    return isHidden(shown) ? writeOnly === 'send' : !hasSameMeaning(key, value, shown);
}));
const isEmpty = (value) => Object.keys(value).length === 0;
const secretDiffers = (wanted, shown) => wanted !== undefined && !isHidden(shown) && shown !== wanted;
const planEmailProvider = (wanted, stored, { resend, writeOnly }) => {
    const { password, ...visible } = wanted.type === 'standard' ? wanted : { ...wanted, password: undefined };
    const shownPassword = stored?.type === 'standard' ? stored.password : undefined;
    const current = stored ?? { type: writeOnly === 'sent' ? wanted.type : 'shared' };
    const differs = !isEmpty(difference(visible, current, writeOnly)) || secretDiffers(password, shownPassword);
    if (!differs && !(resend && password !== undefined))
        return [];
    return [{ change: 'set_email_provider', provider: wanted }];
};
const planOauth = (provider, wanted, stored, { resend, writeOnly }) => {
    if (wanted === 'absent')
        return stored ? [{ change: 'remove_oauth_provider', provider }] : [];
    const add = { change: 'add_oauth_provider', provider };
    if (wanted === 'shared') {
        if (stored?.type === 'shared')
            return [];
        return stored ? [{ change: 'remove_oauth_provider', provider }, add] : [add];
    }
    if (!stored)
        return [{ ...add, credentials: wanted }];
    const isUnchanged = stored.type === 'standard' &&
        isEmpty(difference({ client_id: wanted.client_id }, stored, writeOnly)) &&
        !secretDiffers(wanted.client_secret, stored.client_secret);
    if (isUnchanged && !resend)
        return [];
    return [{ change: 'update_oauth_provider', provider, credentials: wanted }];
};
const planPlugins = (wanted, { plugins }, { writeOnly }) => settings_plugins .R.flatMap((plugin) => {
    const set = difference(wanted[plugin] ?? {}, plugins[plugin], writeOnly);
    return isEmpty(set) ? [] : [{ change: 'update_plugin', plugin, set }];
});
const visibleWebhook = ({ enabled, webhook_url, enabled_events, timeout_seconds, }) => ({
    enabled,
    ...(!isHidden(webhook_url) && webhook_url && { webhook_url }),
    ...(enabled_events && { enabled_events }),
    ...(timeout_seconds && { timeout_seconds }),
});
const planWebhook = (wanted, stored, { writeOnly }) => isEmpty(difference(wanted, stored, writeOnly))
    ? []
    : [{ change: 'set_webhook', webhook: { ...visibleWebhook(stored), ...wanted } }];
const orderForVerification = (wanted, emailProvider, emailAndPassword, others) => wanted.email_provider?.type === 'shared'
    ? [...emailAndPassword, ...emailProvider, ...others]
    : [...emailProvider, ...others, ...emailAndPassword];
const planSettings = (wanted, stored, options) => {
    const { name, email_and_password, email_provider, oauth_providers, plugins, webhook } = wanted;
    const { writeOnly } = options;
    const set = difference(email_and_password ?? {}, stored.plugins.email_and_password, writeOnly);
    const wantedProviders = Object.entries(oauth_providers ?? {});
    const storedProviders = stored.plugins.oauth_providers ?? [];
    const newName = difference(name === undefined ? {} : { name }, stored, writeOnly).name;
    return [
        ...(webhook ? planWebhook(webhook, stored.webhook, options) : []),
        ...orderForVerification(wanted, email_provider
            ? planEmailProvider(email_provider, stored.plugins.email_provider, options)
            : [], isEmpty(set) ? [] : [{ change: 'update_email_and_password', set }], [
            ...(newName === undefined ? [] : [{ change: 'set_name', name: newName }]),
            ...wantedProviders.flatMap(([id, setting]) => planOauth(id, setting, storedProviders.find((provider) => provider.id === id), options)),
            ...(plugins ? planPlugins(plugins, stored, options) : []),
        ]),
    ];
};
var settings_oauth_providers = __nccwpck_require__(1697);
;
const shareableProviders = ({ oauth_providers = [], }) => oauth_providers
    .filter(({ id, type }) => type === 'standard' && (0,settings_oauth_providers .Zy)(id)?.hasSharedApp)
    .map(({ id }) => id);
const withSharedOauth = (settings, stored) => {
    const own = stored ? shareableProviders(stored.plugins) : [];
    const shared = [...own, ...(stored?.inheritedOauth ?? [])];
    if (shared.length === 0)
        return settings;
    const defaults = Object.fromEntries(shared.map((id) => [id, 'shared']));
    return { ...settings, oauth_providers: { ...defaults, ...settings.oauth_providers } };
};
const sendsOnlyCodes = ({ email_provider }) => (email_provider?.type ?? 'shared') === 'shared';
const withOneTimeCodes = (settings, stored) => {
    const inherited = stored?.plugins.email_and_password?.email_verification_method;
    if (!sendsOnlyCodes(settings) || inherited !== 'link')
        return settings;
    const codes = { email_verification_method: 'otp' };
    return { ...settings, email_and_password: { ...codes, ...settings.email_and_password } };
};
const withIsolation = (settings, stored) => ({
    allow_localhost: false,
    email_provider: { type: 'shared' },
    webhook: { enabled: false },
    ...withOneTimeCodes(settings, stored),
});
var lost_writes = __nccwpck_require__(8267);
var order_users = __nccwpck_require__(8268);
var sign_up = __nccwpck_require__(8120);
;
const userWording = (change) => change.change === 'create_user'
    ? {
        imperative: `Create the user ${change.email}, unless it already exists.`,
        past: change.may_have_existed
            ? `May have created the user ${change.email}: the response was lost, so the user may have existed before.`
            : `Created the user ${change.email}.`,
    }
    : {
        imperative: `Delete the user ${change.id}, if it exists.`,
        past: `Deleted the user ${change.id}.`,
    };
const planUsers = ({ users = [], delete_users = [] }) => [
    ...delete_users.map((id) => ({ change: 'delete_user', id })),
    ...(0,order_users .Mn)(users).map(({ email }) => ({ change: 'create_user', email })),
];
const createIfMissing = async ({ email, name = email }, context) => {
    const { neon, branch } = context;
    return (0,lost_writes .fO)(async (attempt) => {
        const id = await neon.createUser(branch.id, email, name);
        if (id !== undefined)
            return { outcome: 'created', id };
        return { outcome: attempt > 0 ? 'may_be_created' : 'existed' };
    }, context);
};
const creationDetails = (creation) => creation.outcome === 'may_be_created' ? { may_have_existed: true } : (0,optional .l)('id', creation.id);
const rolesNotSetProblem = (email, roles, { outcome, id }) => new core_problem .A({
    what: `The user ${(0,core_text .TN)(email, 100)} ${outcome === 'created' ? 'was' : 'may have been'} created, but without the roles ${roles.join(', ')}.`,
    why: id === undefined
        ? 'the response with the user ID was lost, and the Neon API cannot list users'
        : `the response to the sign-up was lost, and the sign-in does not show when the user ${(0,core_text .TN)(id, 100)} was created, so the user may have existed before`,
    fix: 'assign the roles in the Neon Console, or delete the user there and run the job again',
});
const assignRoles = async ({ email, roles }, creation, { neon, branch, ...context }) => {
    if (!roles)
        return;
    const id = creation.outcome === 'created' ? creation.id : undefined;
    if (id === undefined)
        throw rolesNotSetProblem(email, roles, creation);
    await (0,lost_writes .fO)(() => neon.setRoles(branch.id, id, [...roles]), context);
};
const DIFFERENT_PASSWORD = 'already exists with another password, or a webhook refused the sign-up. Better Auth does not say which if verification is required. The run did not change the user and reports no ID. Delete the user with `delete_users`, or correct the password';
const logExisting = ({ email }, { log }) => log.info(`The user ${(0,core_text .TN)(email, 100)} already exists, so the run does not change it.`);
const createUser = async (user, context) => {
    const { log, track, record } = context;
    const { email } = user;
    const creation = await track({ change: 'create_user', email }, () => (0,order_users .cw)(user) ? (0,sign_up .wc)(user, context) : createIfMissing(user, context));
    if (creation.outcome === 'existed')
        return logExisting(user, context);
    if (creation.outcome === 'different_password') {
        log.warning(`The user ${(0,core_text .TN)(email, 100)} ${DIFFERENT_PASSWORD}.`);
        return;
    }
    record({ change: 'create_user', email, ...creationDetails(creation) });
    await assignRoles(user, creation, context);
};
const deleteUser = async (id, context) => {
    const { neon, branch, track, record } = context;
    const change = { change: 'delete_user', id };
    const remove = () => (0,lost_writes .fO)(async (attempt) => {
        const result = await neon.deleteUser(branch.id, id);
        return attempt > 0 ? 'removed' : result;
    }, context);
    if ((await track(change, remove)) === 'removed')
        record(change);
};
const createUsers = async (settingsUsers, context) => {
    const existing = new Set();
    const { users, likelyExisting } = await (0,order_users .ZY)(settingsUsers, async (user) => {
        const exists = await (0,sign_up .sI)(user, context);
        if (exists)
            existing.add(user);
        return exists;
    });
    for (const [index, user] of users.entries()) {
        await explainFailure({ change: 'create_user', email: user.email }, context, async () => {
            const signsInFirst = likelyExisting.has(user) && index % 2 === 0 && (0,order_users .cw)(user);
            const exists = existing.has(user) || (signsInFirst && (await (0,sign_up .sI)(user, context)));
            if (exists)
                logExisting(user, context);
            else
                await createUser(user, context);
        });
    }
};
const explainFailure = (change, { branch }, work) => (0,neon_errors .eQ)(`Failed on branch ${branch.name} (${branch.id}): ${userWording(change).imperative}`, work);
const deleteUsers = async (ids, context) => {
    for (const id of ids)
        await explainFailure({ change: 'delete_user', id }, context, () => deleteUser(id, context));
};
const seedUsers = async (settings, context) => {
    const { users = [], delete_users = [] } = settings;
    await deleteUsers(delete_users, context);
    await createUsers(users, context);
};
;
const FRESHLY_ENABLED = {
    auth: 'on',
    trustedDomains: [],
    allowLocalhost: true,
    settings: { plugins: {}, webhook: { enabled: false } },
};
const desiredSettings = ({ settings, isolate, sharedOauth }, stored) => {
    const base = isolate ? withIsolation(settings ?? {}, stored) : settings;
    return sharedOauth ? withSharedOauth(base ?? {}, stored) : base;
};
const desiredLocalhost = (desired) => desired.allowLocalhost ?? desiredSettings(desired)?.allow_localhost;
const planEnable = (desired, state) => {
    const { writeOnlySent, resendSecrets } = desired;
    if (writeOnlySent)
        return planWith('sent', desired, state);
    const visible = planWith('skip', desired, state);
    const hasDifference = visible.some((change) => !addsListedDomain(change, state));
    return hasDifference || resendSecrets ? planWith('send', desired, state) : visible;
};
const addsListedDomain = (change, state) => change.change === 'trust_domain' &&
    state.auth === 'on' &&
    (0,domains_origin .iC)(state.trustedDomains, change.domain);
const planWith = (writeOnly, desired, state) => {
    const { database } = desired;
    const allowLocalhost = desiredLocalhost(desired);
    const enable = state.auth === 'off'
        ? [{ change: 'enable_auth', ...(database !== undefined && { database }) }]
        : [];
    const current = state.auth === 'off' ? FRESHLY_ENABLED : state;
    const settings = desiredSettings(desired, current.settings);
    const localhost = allowLocalhost !== undefined && allowLocalhost !== current.allowLocalhost
        ? [{ change: 'set_allow_localhost', allow: allowLocalhost }]
        : [];
    const resend = desired.resendSecrets ?? false;
    const configure = settings && current.settings
        ? planSettings(settings, current.settings, { resend, writeOnly })
        : [];
    const missing = desired.trustedDomains.filter((domain) => !current.trustedDomains.includes(domain));
    const trust = missing.map((domain) => ({ change: 'trust_domain', domain }));
    const unwanted = current.trustedDomains.filter((entry) => !desired.trustedDomains.includes(entry) && !missing.includes((0,domains_origin .yv)(entry)));
    const inherited = desired.isolate ? (current.inheritedDomains ?? []) : [];
    const former = desired.formerDomains ?? [];
    const surplus = desired.pruneDomains
        ? unwanted
        : unwanted.filter((entry) => inherited.includes(entry) || former.includes((0,domains_origin .yv)(entry)));
    const remove = desired.keepDomains ? [] : planUntrust(surplus);
    const restore = desired.restore ?? [];
    return [...enable, ...localhost, ...configure, ...trust, ...remove, ...restore];
};
const planUntrust = (domains) => domains.length > 0 ? [{ change: 'untrust_domains', domains: [...new Set(domains)] }] : [];
const planClose = (desired, state) => {
    if (state.auth === 'off')
        return [];
    if (desired.onClose === 'disable')
        return [{ change: 'disable_auth', deleteData: desired.deleteData }];
    return planUntrust(state.trustedDomains.filter((entry) => desired.trustedDomains.includes((0,domains_origin .yv)(entry))));
};
const inDatabase = (database) => database === undefined ? '' : ` in the database ${database}`;
const redactChange = (change) => isSettingsChange(change) ? withoutSecrets(change) : change;
const pluralize = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
const restoreWording = ({ users, rows }) => wording('Restore', 'Restored', `${pluralize(users, 'user')} from before the close (${pluralize(rows, 'row')} in all)`);
const disableWording = (deleteData) => deleteData
    ? {
        imperative: 'Disable Neon Auth and delete its users, sessions, and settings for good.',
        past: 'Disabled Neon Auth and deleted its users, sessions, and settings for good.',
    }
    : {
        imperative: 'Disable Neon Auth and keep its data.',
        past: 'Disabled Neon Auth and kept its data.',
    };
const sweepWording = (branch, { imperative, past }) => ({
    imperative: `On ${branch}: ${imperative}`,
    past: `On ${branch}: ${past}`,
});
const changeWording = (change) => {
    switch (change.change) {
        case 'enable_auth':
            return wording('Enable', 'Enabled', `Neon Auth${inDatabase(change.database)}`);
        case 'delete_orphan_schema': {
            const what = `the leftover neon_auth schema${inDatabase(change.database)}`;
            return wording('Delete', 'Deleted', `${what}, with its users and sessions`);
        }
        case 'move_auth_data_aside':
            return wording('Move', 'Moved', `the leftover neon_auth schema aside, to ${change.schema}`);
        case 'move_auth_data_back':
            return wording('Move', 'Moved', `the schema ${change.schema} back to neon_auth`);
        case 'restore_auth_data':
            return restoreWording(change);
        case 'set_allow_localhost':
            return change.allow
                ? wording('Allow', 'Allowed', 'sign-in from localhost')
                : wording('Block', 'Blocked', 'sign-in from localhost');
        case 'trust_domain':
            return wording('Trust', 'Trusted', change.domain);
        case 'untrust_domains':
            return wording('Stop', 'Stopped', `trusting ${change.domains.join(', ')}`);
        case 'disable_auth':
            return disableWording(change.deleteData);
        case 'sweep_branch':
            return sweepWording(change.branch, changeWording(change.made));
        case 'create_user':
        case 'delete_user':
            return userWording(change);
        default:
            return settingsWording(change);
    }
};
const sentence = (change) => changeWording(change).imperative;
const pastSentence = (change) => changeWording(change).past;
;
const encodeEntities = (text, limit) => (0,core_text .TN)(text, limit)
    .replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replace(/(www)\./gi, '$1&#46;');
const escapeMarkdown = (text, limit = 300) => encodeEntities(text, limit).replace(/&#(?:64|35);|GH-(?=\d)/gi, '$&&#8203;');
const code = (text) => `<code>${encodeEntities(text, 300)}</code>`;
const prose = (text, limit = 1000) => (0,core_text .TN)(text, limit)
    .split(/`(\w[\w:. -]*)`/)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeMarkdown(part, limit + 1)))
    .join('');
const LINKABLE = /^https:\/\/[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{1,5})?$/;
const originLink = (origin) => {
    const url = (0,core_text .TN)(origin, 300);
    return LINKABLE.test(url) ? `[${escapeMarkdown(url)}](${url})` : code(origin);
};
const environmentBlock = (variables) => [
    '```dotenv',
    ...Object.entries(variables).map(([name, value]) => `${name}=${(0,core_text .TN)(value, 2000)}`),
    '```',
].join('\n');
const foldedFacts = (title, rows) => [
    `<details><summary>${title}</summary><table>`,
    ...rows.map(([name, value]) => `<tr><td>${name}</td><td>${value}</td></tr>`),
    '</table></details>',
].join('\n');
const MAX_LIST_ITEMS = 100;
const bullets = (items, limit = MAX_LIST_ITEMS) => (0,core_text .fF)(items, limit);
;
const ICONS = {
    broken: '\u274c',
    unknown: '\u2754',
    risk: '\u26a0\ufe0f',
    ok: '\u2705',
};
const VERDICTS = {
    healthy: 'Every check ran, and none found anything broken.',
    problems_found: 'Something that sign-in needs is broken.',
    could_not_tell: 'Nothing broken was found, but not everything could be checked.',
};
const verdictSentence = ({ verdict }) => VERDICTS[verdict];
const findingLines = (finding) => [
    `${ICONS[finding.severity]} ${finding.title}.`,
    ...(finding.severity === 'ok'
        ? []
        : [`   Likely cause: ${finding.cause}.`, `   Fix: ${finding.fix}.`]),
];
const errorText = ({ title, cause, fix }) => `${title}.\nLikely cause: ${cause}\nFix: ${fix}`;
const brokenFindings = ({ findings }) => findings.filter((finding) => finding.severity === 'broken');
;
const diagnosisErrors = ({ diagnosis }) => diagnosis ? brokenFindings(diagnosis).map(errorText) : [];
const concernBlock = ({ severity, title, cause, fix }) => [
    `${ICONS[severity]} **${prose(title)}**`,
    `**Likely cause:** ${prose(cause)}`,
    `**Fix:** ${prose(fix)}`,
].join('<br>\n');
const isConcern = (finding) => finding.severity !== 'ok';
const diagnosisSections = (diagnosis) => {
    const concerns = diagnosis.findings.filter(isConcern);
    const passed = diagnosis.findings.filter((finding) => !isConcern(finding));
    const checked = bullets(passed.map(({ title }) => prose(title)));
    return [
        prose(verdictSentence(diagnosis)),
        ...concerns.map(concernBlock),
        ...(checked ? ['#### Checked', checked] : []),
    ];
};
;
const READY = { icon: '\u2705', title: 'Neon Auth ready' };
const HEADLINES = {
    enabled: { ...READY, logTitle: 'Neon Auth enabled' },
    updated: { ...READY, logTitle: 'Neon Auth updated' },
    unchanged: { ...READY, logTitle: 'Neon Auth already up to date' },
    disabled: { icon: '\ud83d\udd12', title: 'Neon Auth disabled' },
    untrusted: { icon: '\u2702\ufe0f', title: "Neon Auth no longer trusts this pull request's domains" },
    kept: { icon: '\u23f8\ufe0f', title: 'Neon Auth left unchanged' },
    already_gone: { icon: '\u2611\ufe0f', title: 'Neon Auth was already off' },
    skipped: { icon: '\u23ed\ufe0f', title: 'Neon Auth skipped' },
    planned: { icon: '\ud83d\udcdd', title: 'Neon Auth dry run' },
    swept: { icon: '\ud83e\uddf9', title: 'Neon Auth sweep' },
    status: { icon: '\ud83d\udd0e', title: 'Neon Auth status' },
};
const headline_VERDICTS = {
    healthy: { icon: '\ud83e\ude7a', title: 'Neon Auth is healthy' },
    problems_found: { icon: '\ud83e\ude7a', title: 'Neon Auth has problems' },
    could_not_tell: { icon: '\ud83e\ude7a', title: 'Neon Auth could not be fully checked' },
};
const headlineOf = ({ action, diagnosis }) => diagnosis ? headline_VERDICTS[diagnosis.verdict] : HEADLINES[action];
const logHeadline = (report) => {
    const { branch } = report;
    const { title, logTitle = title } = headlineOf(report);
    return `${logTitle}${branch ? ` on branch ${branch.name}` : ''}.`;
};
const pageTitle = (report) => {
    const { icon, title } = headlineOf(report);
    return `${icon} ${title}`;
};
var client = __nccwpck_require__(1833);
;
const unwrapSweeps = (changes) => changes.map((change) => (change.change === 'sweep_branch' ? change.made : change));
const addedDomains = (changes) => [
    ...new Set(unwrapSweeps(changes).flatMap((change) => change.change === 'trust_domain' ? [change.domain] : [])),
];
const removedDomains = (changes) => [
    ...new Set(unwrapSweeps(changes).flatMap((change) => change.change === 'untrust_domains' ? change.domains : [])),
];
const createdUsers = (changes) => Object.fromEntries(changes.flatMap((change) => change.change === 'create_user' && change.id !== undefined ? [[change.email, change.id]] : []));
const callbackUrls = ({ auth }) => auth
    ? Object.fromEntries(auth.oauthProviders.map((id) => [id, (0,client .$)(auth.baseUrl, id)]))
    : {};
;
const MAX_SHOWN = 20;
const section = (title, body) => body ? [`#### ${title}`, body] : [];
const changeItem = (change, tense) => change.change === 'sweep_branch'
    ? `${code(change.branch)}: ${escapeMarkdown(tense(change.made), 1000)}`
    : escapeMarkdown(tense(change), 1000);
const changesList = (changes, tense, limit) => bullets(changes.map((change) => changeItem(change, tense)), limit);
const heading = (report) => {
    const { branch } = report;
    return `### ${pageTitle(report)}${branch ? ` on ${code(branch.name)}` : ''}`;
};
const sweepLead = (changes) => {
    const branches = new Set(changes.map((change) => change.change === 'sweep_branch' && change.branch_id));
    if (branches.size === 0)
        return 'No branch of a closed pull request had anything left to remove.';
    const count = branches.size === 1 ? '1 branch' : `${branches.size} branches`;
    return `Closed ${count} that closed pull requests left behind.`;
};
const leadParagraph = ({ action, changes, note, skipped }) => {
    if (skipped)
        return [prose(`Skipped: ${skipped.why}.`)];
    if (note)
        return [prose(note)];
    if (action === 'kept')
        return [prose('Closing the pull request changed nothing, because of `on_close: keep`.')];
    if (action === 'swept')
        return [sweepLead(changes)];
    return action === 'planned' ? ['Nothing was changed.'] : [];
};
const proofOf = (domain, { proof }) => {
    if (!proof?.domains.includes(domain))
        return 'not verified';
    return domain.includes('*')
        ? 'verified with the auth service, for a sample host'
        : 'verified with the auth service';
};
const domainItem = (domain, report) => {
    const { requestedDomains } = report;
    if (!requestedDomains || report.action === 'planned')
        return originLink(domain);
    return requestedDomains.includes(domain)
        ? `${originLink(domain)}: ${proofOf(domain, report)}`
        : `${code(domain)}: inherited from the parent branch or added earlier`;
};
const domainsList = (report) => {
    const { trustedDomains = [], requestedDomains = [] } = report;
    if (trustedDomains.length === 0)
        return 'No domain is trusted yet. Sign-in works only from trusted domains.';
    const isRequested = (domain) => requestedDomains.includes(domain);
    const ordered = [
        ...trustedDomains.filter(isRequested),
        ...trustedDomains.filter((domain) => !isRequested(domain)),
    ];
    return bullets(ordered.map((domain) => domainItem(domain, report)), MAX_SHOWN);
};
const usageSections = (report) => report.auth
    ? [
        domainsList(report),
        environmentBlock({
            NEON_AUTH_BASE_URL: report.auth.baseUrl,
            NEON_AUTH_JWKS_URL: report.auth.jwksUrl,
        }),
    ]
    : [];
const changesSection = ({ action, changes }) => {
    if (action === 'planned') {
        const planned = changesList(changes, sentence, MAX_SHOWN);
        return section('What would change', planned || 'Nothing.');
    }
    if (action === 'unchanged')
        return ['Nothing had to change.'];
    return section('What changed', changesList(changes, pastSentence, MAX_SHOWN));
};
const oauthItem = (check) => {
    const { provider, redirectUri, clientId } = check;
    if (check.app === 'shared')
        return `${escapeMarkdown(provider)}: works on every branch, with Neon's shared app`;
    const consoleLink = `[${escapeMarkdown(check.consoleName)}](${check.console})`;
    return `${escapeMarkdown(provider)}: add the redirect URI ${code(redirectUri)} to the OAuth app ${code(clientId)} in the ${consoleLink}, unless it is there already`;
};
const callbacksSection = (report) => {
    if (report.oauth)
        return section('Sign-in with OAuth', bullets(report.oauth.map(oauthItem)));
    const ownProviders = report.auth?.ownOauthProviders ?? [];
    const callbacks = Object.entries(callbackUrls(report)).filter(([id]) => ownProviders.includes(id));
    return section('Register these callback URLs with your OAuth apps', bullets(callbacks.map(([id, url]) => `${escapeMarkdown(id)}: ${code(url)}`)));
};
const serviceFact = ({ auth, proof }) => {
    if (!auth || !proof)
        return 'not verified';
    return proof.isServing ? 'responds and serves its keys (verified)' : 'not verified, see the log';
};
const hiddenItems = (items) => items
    .slice(MAX_SHOWN, MAX_LIST_ITEMS)
    .map((item) => escapeMarkdown(item, 1000))
    .join('<br>');
const detailRows = (report) => {
    const { action, auth, branch, changes, session, trustedDomains = [] } = report;
    const tense = action === 'planned' ? sentence : pastSentence;
    const rows = [
        ['Branch', branch ? `${code(branch.name)} ${code(branch.id)}` : ''],
        ['Database', auth?.integration.db_name ? code(auth.integration.db_name) : ''],
        [
            'Auth service',
            auth && action !== 'status' && action !== 'planned' ? serviceFact(report) : '',
        ],
        ['Signed in for tests', session ? code(session.user) : ''],
        ['More changes', hiddenItems(changes.map(tense))],
        ['All trusted domains', trustedDomains.length > MAX_SHOWN ? codeLines(trustedDomains) : ''],
    ];
    return rows.filter(([, value]) => value !== '');
};
const codeLines = (texts) => texts.slice(0, MAX_LIST_ITEMS).map(code).join('<br>');
const details = (report) => {
    const rows = detailRows(report);
    return rows.length > 0 ? [foldedFacts('Details', rows)] : [];
};
const warningsSection = (warnings) => section('\u26a0\ufe0f Warnings', bullets(warnings.map((warning) => prose(warning))));
const stateSections = (report) => [
    ...leadParagraph(report),
    ...usageSections(report),
    ...changesSection(report),
    ...callbacksSection(report),
];
const renderSummary = (report, warnings, footer) => [
    heading(report),
    ...(report.diagnosis ? diagnosisSections(report.diagnosis) : stateSections(report)),
    ...warningsSection(warnings),
    footer,
    ...details(report),
].join('\n\n');
const writeSummary = async (render, log) => {
    if (!process.env['GITHUB_STEP_SUMMARY'])
        return;
    try {
        await summary.addRaw(`${render()}\n`).write();
    }
    catch (error) {
        log.warning(`The job summary could not be written: ${(0,core_problem .b)(error)}`);
    }
};
;
const APPLIED_TITLE = 'Changed before the run stopped';
const IN_FLIGHT_TITLE = 'In progress when the run stopped; may or may not have been applied';
const titledList = (title, sentences) => sentences.length > 0 ? [`${title}:`, (0,core_text .fF)(sentences)] : [];
const describeFailure = (error) => error instanceof core_problem .A
    ? error.message
    : `Unexpected error in this action: ${(0,core_problem .b)(error)}\nFix: re-run the job with debug logging, and report a bug with the log`;
const describePartialChanges = ({ applied, inFlight }) => applied.length + inFlight.size === 0
    ? 'Nothing was changed in Neon.'
    : [
        ...titledList(APPLIED_TITLE, applied.map(pastSentence)),
        ...titledList(IN_FLIGHT_TITLE, [...inFlight].map(sentence)),
    ].join('\n');
const describeFailedRun = (error, journal) => {
    const { applied, inFlight } = journal;
    const listsChanges = applied.length + inFlight.size > 0 || error instanceof core_deadline .ft;
    const message = describeFailure(error);
    return listsChanges ? `${message}\n${describePartialChanges(journal)}` : message;
};
const describeLostChanges = ({ inFlight }) => titledList('The responses to these changes were lost, so they may or may not have been applied', [...inFlight].map(sentence)).join('\n');
const formatLine = (line) => {
    const [, label, text] = /^(Likely cause|Fix): (.*)$/.exec(line) ?? [];
    return label === undefined ? prose(line, 2000) : `**${label}:** ${prose(text ?? '', 2000)}`;
};
const failureSummary = (message, { branch, applied, inFlight }, warnings, footer) => [
    `### \u274c Neon Auth failed${branch ? ` on ${code(branch.name)}` : ''}`,
    ...message.split('\n').map(formatLine),
    ...section(APPLIED_TITLE, changesList(applied, pastSentence)),
    ...section(IN_FLIGHT_TITLE, changesList([...inFlight], sentence)),
    ...warningsSection(warnings),
    footer,
    ...(branch
        ? [foldedFacts('Details', [['Branch', `${code(branch.name)} ${code(branch.id)}`]])]
        : []),
].join('\n\n');
;
class PullRequestClosed extends Error {
    name = 'PullRequestClosed';
    constructor() {
        super('The pull request was closed while this run was in progress.');
    }
}
class PullRequestReopened extends Error {
    name = 'PullRequestReopened';
}
;
const refuseProduction = ({ name, id, isDefault, isProtected }, allowProtected, outcome, why) => {
    if (allowProtected || (!isDefault && !isProtected))
        return;
    const kind = isDefault ? "the project's default branch" : 'a protected branch';
    throw new core_problem .A({
        what: `${outcome}: ${name} (${id}) is ${kind}.`,
        why,
        fix: "set `branch` to the preview's branch. If you really want to change this branch, set `allow_protected: true`",
    });
};
const guardBranch = (branch, allowProtected) => refuseProduction(branch, allowProtected, 'Nothing was changed', "`branch` names production instead of the preview, the preview has no branch of its own, or somebody protected the preview's branch");
const guardBranchAgain = (branch, allowProtected) => refuseProduction(branch, allowProtected, 'The run stopped', 'somebody protected the branch, or made it the default, while this run was in progress');
;
const STABLE_ORDER = { limit: 10_000, sort_by: 'created_at', sort_order: 'asc' };
const listAllBranches = async (neon, query = {}) => {
    const pages = await readCursorPages((cursor) => neon.listBranches({ ...STABLE_ORDER, ...query, ...(cursor && { cursor }) }));
    return {
        branches: pages.flatMap((page) => page.branches),
        annotations: Object.fromEntries(pages.flatMap((page) => Object.entries(page.annotations))),
    };
};
const toFoundBranch = (branch) => ({
    id: branch.id,
    name: branch.name,
    isDefault: branch.default === true || branch.primary === true,
    isProtected: branch.protected === true,
    ...(0,optional .l)('parentId', (0,core_text .y0)(branch.parent_id)),
    ...(0,optional .l)('createdAt', Date.parse(String(branch.created_at)) || undefined),
    ...(0,optional .l)('state', (0,core_text .y0)(branch.current_state)),
});
const YOUNG_MS = 10 * 60_000;
const isRecentlyCreated = (createdAt, now = Date.now()) => now - createdAt < YOUNG_MS;
const isYoung = ({ createdAt, state }, now = Date.now()) => createdAt === undefined ||
    isRecentlyCreated(createdAt, now) ||
    (state !== undefined && state !== 'ready');
var poll = __nccwpck_require__(305);
var auth_urls = __nccwpck_require__(3598);
;
const noSettingsProblem = (branch) => new core_problem .A({
    what: `Neon Auth is on for branch ${branch.name} (${branch.id}), but Neon returns no settings for it (404).`,
    why: 'auth was disabled in the meantime, or this Neon API does not support settings',
    fix: 'run the job again, or remove `settings`, `isolate`, and `oauth: shared`',
});
const readSettings = async (neon, branch) => {
    const [plugins, webhook] = await Promise.all([
        neon.getPlugins(branch.id),
        neon.getWebhook(branch.id),
    ]);
    return plugins && { plugins, webhook: webhook ?? { enabled: false } };
};
const tryReadSettings = async (neon, branch, log) => {
    try {
        return await readSettings(neon, branch);
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        const problem = (0,neon_errors .H8)(error, 'Could not read the settings, so `callback_urls` may be incomplete.');
        log.warning((0,core_problem .b)(problem));
        return undefined;
    }
};
const observe = async (neon, branch, desired, log) => (0,neon_errors .eQ)(`Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`, async () => {
    const changesSettings = desiredSettings(desired) !== undefined;
    const { parentId } = branch;
    const [integration, storedDomains = [], settings, localhost, inherited = [], parent] = await Promise.all([
        neon.getAuth(branch.id),
        neon.listDomains(branch.id),
        changesSettings ? readSettings(neon, branch) : tryReadSettings(neon, branch, log),
        desiredLocalhost(desired) === undefined ? undefined : neon.getAllowLocalhost(branch.id),
        desired.isolate && parentId ? neon.listDomains(parentId) : undefined,
        desired.sharedOauth && parentId ? neon.getPlugins(parentId) : undefined,
    ]);
    if (!integration)
        return { auth: 'off' };
    if (changesSettings && !settings)
        throw noSettingsProblem(branch);
    const { name } = integration;
    return {
        auth: 'on',
        integration,
        storedDomains,
        trustedDomains: storedDomains.map(({ domain }) => domain),
        inheritedDomains: inherited.map(({ domain }) => domain),
        ...(settings && {
            settings: {
                ...settings,
                ...(name !== undefined && { name }),
                ...(parent && { inheritedOauth: shareableProviders(parent) }),
            },
        }),
        ...(localhost !== undefined && { allowLocalhost: localhost }),
    };
});
const generatedValues = ({ auth_provider_project_id, created_at }) => [
    auth_provider_project_id,
    created_at,
];
const isSameAuth = (a, b) => (0,external_node_util_.isDeepStrictEqual)(generatedValues(a), generatedValues(b));
const observeForClose = async (neon, branch, onClose) => (0,neon_errors .eQ)(`Could not read the state of Neon Auth on branch ${branch.name} (${branch.id}).`, async () => {
    const [integration, storedDomains = []] = await Promise.all([
        neon.getAuth(branch.id),
        onClose === 'untrust' ? neon.listDomains(branch.id) : undefined,
    ]);
    if (!integration)
        return { state: { auth: 'off' }, storedDomains: [] };
    const trustedDomains = storedDomains.map(({ domain }) => domain);
    return { state: { auth: 'on', trustedDomains }, storedDomains, integration };
});
const describeAuthOn = ({ name, id }) => `Neon Auth is on for branch ${name} (${id})`;
const checkProviderAndDatabase = ({ auth_provider, db_name }, branch, database) => {
    const authOn = describeAuthOn(branch);
    if (auth_provider !== 'better_auth') {
        throw new core_problem .A({
            what: `${authOn}, but with the provider ${(0,core_text .TN)(auth_provider, 80)}. This action supports only better_auth.`,
            fix: 'move the branch to Better Auth: disable Neon Auth in the Neon Console, then run the job again',
        });
    }
    if (database !== undefined && db_name !== undefined && db_name !== database) {
        throw new core_problem .A({
            what: `${authOn} in the database ${(0,core_text .TN)(db_name, 80)}, but the input \`database\` is ${(0,core_text .TN)(database, 80)}.`,
            why: 'the branch inherited auth from its parent, or an earlier run enabled it without `database`',
            fix: `remove \`database\`, or set it to ${(0,core_text .TN)(db_name, 80)}. To move auth to another database, disable it on this branch first`,
        });
    }
};
const completeUrls = (integration, created) => {
    const { auth_provider_project_id: id } = integration;
    const isSame = (created?.auth_provider_project_id ?? id) === id;
    return (0,auth_urls .W)(integration) ?? (isSame ? (0,auth_urls .W)({ ...integration, ...created }) : undefined);
};
const checkIntegration = (integration, branch, { database, created } = {}) => {
    checkProviderAndDatabase(integration, branch, database);
    const urls = completeUrls(integration, created);
    if (urls)
        return urls;
    throw new core_problem .A({
        what: `${describeAuthOn(branch)}, but Neon returns no usable base_url and jwks_url for it.`,
        why: 'the branch has no read-write compute, which Neon Auth needs',
        fix: 'add a read-write compute to the branch (Neon Console \u2192 Branches \u2192 Computes) and run the job again',
    });
};
const URLS_MS = 60_000;
const waitForUrls = async (desired, { before, observed, created }, { neon, branch, deadline, log }) => {
    const hasUrls = ({ integration }) => completeUrls(integration, created) !== undefined;
    const isNewAuth = isRecentlyCreated(Date.parse(observed.integration.created_at));
    const isBeingSetUp = before.auth === 'off' || isNewAuth || isYoung(branch);
    if (hasUrls(observed) || !isBeingSetUp)
        return observed;
    log.info('Waiting for Neon to report the URLs of Neon Auth.');
    let last = observed;
    await (0,poll .g)({
        attempt: async () => {
            const current = await observe(neon, branch, desired, log);
            if (current.auth === 'on')
                last = current;
            return { done: hasUrls(last), value: undefined };
        },
        deadline,
        patienceMs: URLS_MS,
        waitingFor: 'waiting for the URLs of Neon Auth',
    });
    return last;
};
;
const MAX_AGE_MS = 5_000;
const MAX_READS = 3;
class BranchGone extends core_problem .A {
    constructor({ name, id }) {
        super({
            what: `The branch ${name} (${id}) was deleted while this run was in progress.`,
            why: 'the pull request was closed, or somebody deleted the branch in the Neon Console',
            fix: 'if the preview still needs the branch, create it again and run the job again',
        });
    }
}
const markRead = ({ pauses }) => ({ readAt: performance.now(), pauses });
const isRecent = ({ readAt, pauses }, deadline) => pauses === deadline.pauses && performance.now() - readAt < MAX_AGE_MS;
const NEVER_READ = { readAt: Number.NEGATIVE_INFINITY, pauses: -1 };
const createPreconditions = (read, deadline, { since = NEVER_READ, mayRemove = false } = {}) => {
    let mark = since;
    let isFirstWrite = true;
    let removalNeedsRead = !mayRemove;
    const confirm = async () => {
        for (let reads = 0; reads < MAX_READS; reads++) {
            const start = markRead(deadline);
            mark = NEVER_READ;
            await read(isFirstWrite);
            mark = start;
            removalNeedsRead = false;
            if (mark.pauses === deadline.pauses)
                return;
        }
    };
    const isFresh = (kind) => isRecent(mark, deadline) && !(kind === 'removal' && removalNeedsRead);
    return {
        confirm,
        async beforeWrite(kind) {
            if (!isFresh(kind))
                await confirm();
            isFirstWrite = false;
            removalNeedsRead = true;
        },
    };
};
const confirmBranch = async (neon, branch, allowProtected) => {
    const what = `Could not check again whether branch ${branch.name} (${branch.id}) may be changed.`;
    const found = await (0,neon_errors .eQ)(what, () => neon.getBranch(branch.id));
    if (!found)
        throw new BranchGone(branch);
    guardBranchAgain(toFoundBranch(found), allowProtected);
};
;
const sentValues = (change) => {
    const setting = settingOfChange(change);
    return Object.entries(sentPart(change)).map(([key, value]) => ({
        path: key === setting ? setting : `${setting}.${key}`,
        key,
        value,
    }));
};
const compareValues = (change, stored) => {
    const values = storedPart(change, stored);
    return sentValues(change).map((sent) => ({ ...sent, stored: values[sent.key] }));
};
const differs = ({ key, value, stored }) => !isHidden(stored) && !hasSameMeaning(key, value, stored);
const isShownAsApplied = (change, stored) => {
    if (change.change === 'remove_oauth_provider')
        return !stored.plugins.oauth_providers?.some(({ id }) => id === change.provider);
    const hasSecret = change.change === 'set_email_provider'
        ? change.provider.type === 'standard'
        : 'credentials' in change;
    if (hasSecret)
        return false;
    return compareValues(change, stored).every((value) => !isHidden(value.stored) && !differs(value));
};
const describeValue = (key, value) => {
    const safeValue = key === 'webhook_url' ? (0,domains_origin .yv)(String(value)) : value;
    return (0,core_text .TN)(JSON.stringify(safeValue) ?? 'nothing', 100);
};
const MAX_SENDS = 2;
const timesSent = ({ path, key, value }, written) => written.filter((change) => sentValues(change).some((sent) => sent.path === path && hasSameMeaning(key, sent.value, value))).length;
const storedDifferentlyWarnings = (planned, written, stored) => {
    const different = compareValues(planned, stored).filter(differs);
    const isFinal = different.every((compared) => typeof compared.value !== 'boolean' &&
        compared.key !== 'type' &&
        timesSent(compared, written) >= MAX_SENDS);
    if (!isFinal)
        return [];
    return different.map(({ path, key, value, stored: storedValue }) => `Neon accepted \`${path}\` = ${describeValue(key, value)} ${MAX_SENDS} times, but stores ${describeValue(key, storedValue)}. The run stops sending it. Set the stored value in \`settings\`, so that the next run does not send the other value again.`);
};
;
const write = (change, { neon, branch }) => {
    switch (change.change) {
        case 'set_name':
            return neon.setName(branch.id, change.name);
        case 'update_email_and_password':
            return neon.setEmailAndPassword(branch.id, change.set);
        case 'set_email_provider':
            return neon.setEmailProvider(branch.id, change.provider);
        case 'update_plugin':
            return neon.updatePlugin(branch.id, change);
        case 'add_oauth_provider':
            return neon.addOauthProvider(branch.id, change.provider, change.credentials);
        case 'update_oauth_provider':
            return neon.updateOauthProvider(branch.id, change.provider, change.credentials);
        case 'remove_oauth_provider':
            return neon.removeOauthProvider(branch.id, change.provider);
        case 'set_webhook':
            return neon.putWebhook(branch.id, change.webhook);
    }
};
const readStored = async ({ change }, { neon, branch }) => {
    const empty = { plugins: {}, webhook: { enabled: false } };
    switch (change) {
        case 'set_name':
            return { ...empty, ...(0,optional .l)('name', (await neon.getAuth(branch.id))?.name) };
        case 'set_webhook':
            return { ...empty, webhook: (await neon.getWebhook(branch.id)) ?? empty.webhook };
        default:
            return { ...empty, plugins: (await neon.getPlugins(branch.id)) ?? empty.plugins };
    }
};
const readChangeToRepeat = async (change, { neon, branch }) => {
    if (change.change !== 'add_oauth_provider' || !change.credentials)
        return change;
    const { provider, credentials } = change;
    const plugins = await neon.getPlugins(branch.id);
    const exists = plugins?.oauth_providers?.some(({ id }) => id === provider);
    return exists ? { change: 'update_oauth_provider', provider, credentials } : change;
};
const applySetting = async (change, context) => {
    await (0,lost_writes .s3)(async (attempt) => write(attempt === 0 ? change : await readChangeToRepeat(change, context), context), async () => isShownAsApplied(change, await readStored(change, context)) || undefined, context);
};
;
const contradictionProblem = ({ name, id }, claims, parts) => new core_problem .A({
    what: `Neon contradicts itself about branch ${name} (${id}): it ${claims}.`,
    ...parts,
    fix: 'run the job again in a minute, and check that the API key was made for this project',
});
var orphan_schema = __nccwpck_require__(658);
var moved_name = __nccwpck_require__(5647);
;
class AuthTurnedOn extends Error {
    constructor() {
        super('another run or a person has enabled Neon Auth');
    }
}
const assertStillOff = async ({ neon, branch }) => {
    if (await neon.getAuth(branch.id))
        throw new AuthTurnedOn();
};
const assertMayDelete = async (context) => {
    await Promise.all([context.assertKnownOpen(), assertStillOff(context)]);
};
const confirmSqlRemoval = async (context) => {
    await context.preconditions.beforeWrite('removal');
    await assertMayDelete(context);
};
const unlessTurnedOn = async (work, { log }) => {
    try {
        return await work();
    }
    catch (error) {
        if (!(error instanceof AuthTurnedOn))
            throw error;
        log.info('Another run has enabled Neon Auth, so this run changes nothing more in the leftover schema.');
        return undefined;
    }
};
;
const importSchemaRestore = () => __nccwpck_require__.e(  813).then(__nccwpck_require__.bind(__nccwpck_require__, 5813));
const databasesContext = ({ http, deadline, log }, database) => ({ database, send: http.retrying, deadline, log });
const findMoved = async (context, database) => {
    const { findMovedSchemas } = await importSchemaRestore();
    return findMovedSchemas(context.neon, context.branch, databasesContext(context, database));
};
const describeMoved = ({ name, database }) => `A restore that did not finish has left auth data from before the close in the schema ${name} of the database ${(0,core_text .TN)(database.name, 80)}. Nothing is lost: run this job with \`on_orphan_schema: restore\` to bring it back. If you do not need it, drop that schema.`;
const describeUnfinishedRestores = async (context, database) => {
    try {
        return (await findMoved(context, database)).map(describeMoved);
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        const reason = (0,core_text .TN)((0,core_problem .b)(error));
        context.log.info(`Could not check whether an unfinished restore has left auth data: ${reason}`);
        return [];
    }
};
const findMovedDatabase = async (context, database) => {
    const [moved] = await findMoved(context, database);
    return moved?.database.name;
};
;
const PLANNED_NAME = `${moved_name .d}\u2026`;
const writeContext = (context, database, beforeWrite) => ({ ...databasesContext(context, database), beforeWrite });
const rethrowAbort = (error) => {
    if (error instanceof core_deadline .ft)
        throw error;
};
const moveChange = (change, { name, database }) => ({ change, schema: name, database: database.name });
const moveAside = async (context, database) => {
    const { neon, branch, log, runId } = context;
    const confirm = () => confirmSqlRemoval(context);
    const change = {
        change: 'move_auth_data_aside',
        schema: PLANNED_NAME,
        ...(database !== undefined && { database }),
    };
    log.info(sentence(change));
    const { moveSchemaAside } = await importSchemaRestore();
    const move = async () => {
        try {
            return await moveSchemaAside(neon, branch, runId, writeContext(context, database, confirm));
        }
        catch (error) {
            if (error instanceof core_deadline .ft || !(0,lost_writes .vy)(error))
                throw error;
            const moved = await findMoved(context, database).catch(rethrowAbort);
            const own = moved?.find(({ run }) => run === runId);
            if (!own)
                throw error;
            return own;
        }
    };
    const moved = await unlessTurnedOn(() => context.track(change, move), context);
    if (moved)
        context.record(moveChange('move_auth_data_aside', moved));
    return moved;
};
const assertMayMoveBack = async (context) => {
    const { neon, branch, allowProtected } = context;
    await Promise.all([confirmBranch(neon, branch, allowProtected), assertStillOff(context)]);
};
const notMovedBackProblem = ({ name, database }, error, cause) => new core_problem .A({
    what: `${(0,core_problem .b)(error)}\nThe auth data is in the schema ${name} of the database ${database.name}, and this run could not move it back. Nothing is lost.`,
    response: (0,core_problem .b)(cause),
    fix: `run this job again with \`on_orphan_schema: restore\`: it finds that schema and finishes the restore. To move it back by hand, run ALTER SCHEMA ${name} RENAME TO neon_auth in the Neon Console (SQL Editor)`,
    cause: error,
});
const undoMove = async (moved, error, context) => {
    if (error instanceof core_deadline .ft)
        return;
    const { neon, branch, log } = context;
    const change = moveChange('move_auth_data_back', moved);
    log.info(sentence(change));
    const options = writeContext(context, moved.database.name, () => assertMayMoveBack(context));
    const { moveSchemaBack } = await importSchemaRestore();
    try {
        const isBack = await context.track(change, () => moveSchemaBack(neon, branch, moved, options));
        if (!isBack)
            throw new Error('there is already a new neon_auth schema');
        context.record(change);
    }
    catch (cause) {
        if (cause instanceof core_deadline .ft)
            throw cause;
        throw notMovedBackProblem(moved, error, cause);
    }
};
;
const NO_ROW = {
    settings: {},
    domains: [],
    secrets: [],
    unread: ['all of them, because the schema has no configuration row'],
};
const readConfig = async (row, sharedOauth = false) => {
    if (!row)
        return NO_ROW;
    const [{ validate }, { readRowSettings }] = await Promise.all([
        __nccwpck_require__.e(  401).then(__nccwpck_require__.bind(__nccwpck_require__, 7401)),
        __nccwpck_require__.e(  723).then(__nccwpck_require__.bind(__nccwpck_require__, 5723)),
    ]);
    const config = readRowSettings(row, validate, sharedOauth);
    for (const secret of config.secrets)
        (0,secrets .cl)(secret);
    return config;
};
const withoutIsolated = ({ allow_localhost: _, email_provider: __, webhook: ___, email_and_password: password, ...rest }, own) => {
    if (!password)
        return rest;
    const { email_verification_method: method, ...others } = password;
    const isUseless = method === 'link' && sendsOnlyCodes(own);
    return { ...rest, email_and_password: isUseless ? others : password };
};
const mergeSettings = (restored, own) => {
    const merged = { ...restored, ...own };
    const plugins = { ...restored.plugins, ...own.plugins };
    const oauth = { ...restored.oauth_providers, ...own.oauth_providers };
    const password = { ...restored.email_and_password, ...own.email_and_password };
    const isEmpty = (value) => Object.keys(value).length === 0;
    return {
        ...merged,
        ...(!isEmpty(plugins) && { plugins }),
        ...(!isEmpty(oauth) && { oauth_providers: oauth }),
        ...(!isEmpty(password) && { email_and_password: password }),
    };
};
const NESTED = ['oauth_providers', 'plugins'];
const settingNames = (settings) => Object.entries(settings).flatMap(([key, value]) => NESTED.some((name) => name === key)
    ? Object.keys(value ?? {}).map((inner) => `${key}.${inner}`)
    : [key]);
const withoutKeys = (value, isExcluded) => Object.fromEntries(Object.entries(value).filter(([key]) => !isExcluded(key)));
const withoutSettings = (settings, names) => {
    const rest = withoutKeys(settings, (key) => names.has(key));
    const nested = NESTED.flatMap((key) => {
        const value = rest[key];
        return value ? [[key, withoutKeys(value, (inner) => names.has(`${key}.${inner}`))]] : [];
    });
    return { ...rest, ...Object.fromEntries(nested) };
};
const domainName = (domain) => `the trusted domain ${domain}`;
const writtenSettingName = (change) => {
    if (isSettingsChange(change))
        return settingOfChange(change);
    switch (change.change) {
        case 'set_allow_localhost':
            return 'allow_localhost';
        case 'trust_domain':
            return domainName(change.domain);
        default:
            return undefined;
    }
};
const withRestoredConfig = (desired, { settings: stored, domains }, refused = new Set()) => {
    const { isolate, pruneDomains, trustedDomains, formerDomains = [], settings: own = {} } = desired;
    const excluded = new Set([...formerDomains, ...trustedDomains]);
    const restorable = domains.filter((domain) => !excluded.has((0,domains_origin .yv)(domain)) && !refused.has(domainName(domain)));
    const added = isolate || pruneDomains ? [] : restorable;
    const restored = withoutSettings(isolate ? withoutIsolated(stored, own) : stored, refused);
    const { email_and_password: _, ...overriding } = own;
    const overridden = new Set(settingNames(overriding));
    if (desired.allowLocalhost !== undefined)
        overridden.add('allow_localhost');
    return {
        ...desired,
        trustedDomains: [...trustedDomains, ...added],
        settings: mergeSettings(restored, own),
        restoredSettings: [
            ...settingNames(restored).filter((name) => !overridden.has(name)),
            ...added.map(domainName),
        ],
    };
};
;
const authNotInDatabaseProblem = ({ branch }, { name, database }) => new core_problem .A({
    what: `The auth data from before the close cannot be restored on branch ${branch.name} (${branch.id}): it is in the schema ${name} of the database ${database.name}, and Neon Auth is not on in that database.`,
    why: 'auth was disabled, or enabled in another database, in the meantime',
    fix: `set \`database: ${(0,core_text .TN)(database.name, 80)}\`, disable auth on this branch, and run this job again`,
});
const warnAboutKeptSchema = ({ outcome, leftBehind }, moved, { log }) => {
    if (outcome === 'dropped')
        return;
    const names = leftBehind.map(({ table, column }) => (0,core_text .TN)(column ? `${table}.${column}` : table, 80));
    const reason = names.length > 0
        ? `The new neon_auth schema has no place for ${names.join(', ')}`
        : 'Something else in the database needs it, or it holds more than tables';
    log.warning(`The auth data was restored, but the schema ${moved.name} in the database ${moved.database.name} was kept. ${reason}. If you do not need it, drop it.`);
};
const warnAboutUnreadSettings = async ({ rows, config }, { log, sharedOauth }) => {
    if (Object.keys(rows).length === 0)
        return;
    const { unread } = await readConfig(config, sharedOauth);
    if (unread.length === 0)
        return;
    log.warning(`These settings from before the close could not be read: ${unread.join(', ')}. Set them again in the Neon Console or with the input \`settings\`.`);
};
const unlessGone = async (work, find) => {
    try {
        return await work();
    }
    catch (error) {
        if (!(error instanceof core_problem .A))
            throw error;
        const mayExist = await find().then(Boolean, () => true);
        if (mayExist)
            throw error;
        return 'gone';
    }
};
const restoreAuthData = async ({ schema, database }, context) => {
    const { neon, branch, preconditions } = context;
    const find = async () => (await findMoved(context, database)).find(({ name }) => name === schema);
    const moved = await find();
    if (!moved)
        return 'already_applied';
    const confirm = async () => {
        await preconditions.beforeWrite('removal');
        const [integration] = await Promise.all([neon.getAuth(branch.id), context.assertKnownOpen()]);
        if (!integration || (integration.db_name ?? database) !== database)
            throw authNotInDatabaseProblem(context, moved);
    };
    const { readMovedSchema, restoreRows } = await importSchemaRestore();
    const restore = async () => {
        const content = await readMovedSchema(neon, branch, moved, databasesContext(context, database));
        const options = writeContext(context, database, confirm);
        return { content, restored: await restoreRows(neon, branch, moved, options) };
    };
    const outcome = await unlessGone(restore, find);
    if (outcome === 'gone')
        return 'already_applied';
    warnAboutKeptSchema(outcome.restored, moved, context);
    await warnAboutUnreadSettings(outcome.content, context);
    return 'applied';
};
const planRestore = async (schema, context) => {
    const { neon, branch } = context;
    const { name, oid, database } = schema;
    const { readMovedSchema } = await importSchemaRestore();
    const read = () => readMovedSchema(neon, branch, schema, databasesContext(context, database.name));
    const find = async () => (await findMoved(context, database.name)).find((moved) => moved.oid === oid);
    const content = name === 'neon_auth' ? await read() : await unlessGone(read, find);
    if (content === 'gone')
        return 'gone';
    const { project_config: _, jwks: __, ...data } = content.rows;
    const change = {
        change: 'restore_auth_data',
        schema: name,
        database: database.name,
        users: data['user'] ?? 0,
        rows: Object.values(data).reduce((sum, count) => sum + count, 0),
    };
    return { change, ...(content.config && { config: content.config }) };
};
const withMovedData = async (moved, desired, context, refused) => {
    const plans = await Promise.all(moved.map((schema) => planRestore(schema, context)));
    const remaining = plans.filter((plan) => plan !== 'gone');
    if (remaining.length === 0)
        return desired;
    const restore = remaining.map(({ change }) => change);
    const config = await readConfig(remaining.at(-1)?.config, desired.sharedOauth);
    return { ...withRestoredConfig(desired, config, refused), restore };
};
const withRestored = async (desired, context, refused) => withMovedData(await findMoved(context, desired.database), desired, context, refused);
const withLeftover = async (desired, context) => {
    const { neon, branch } = context;
    const [moved, leftover] = await Promise.all([
        findMoved(context, desired.database),
        isYoung(branch)
            ? undefined
            : (0,orphan_schema .nU)(neon, branch, databasesContext(context, desired.database)),
    ]);
    if (!leftover)
        return { aside: [], desired: await withMovedData(moved, desired, context) };
    const marker = {
        branch: branch.id,
        run: '',
        step: 'moved',
        at: new Date().toISOString(),
    };
    const schemas = [{ ...leftover, ...marker, name: 'neon_auth' }, ...moved];
    const aside = {
        change: 'move_auth_data_aside',
        schema: PLANNED_NAME,
        database: leftover.database.name,
    };
    return { aside: [aside], desired: await withMovedData(schemas, desired, context) };
};
;
const UNKNOWN_DATABASE_STATUSES = [400, 404, 422];
const readDatabaseNames = async (neon, branch) => {
    try {
        return (await neon.listDatabases(branch.id)).map(({ name }) => name);
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        return undefined;
    }
};
const createAuthIn = async (database, branch, neon) => {
    try {
        return await neon.createAuth(branch.id, database);
    }
    catch (error) {
        const mayBeUnknownDatabase = error instanceof neon_errors .tB &&
            UNKNOWN_DATABASE_STATUSES.includes(error.status) &&
            !(0,neon_errors .w7)(error);
        if (database === undefined || !mayBeUnknownDatabase)
            throw error;
        const names = await readDatabaseNames(neon, branch);
        if (!names || names.includes(database))
            throw error;
        throw new core_problem .A({
            what: `The branch ${branch.name} (${branch.id}) has no database named "${(0,core_text .TN)(database, 100)}" (the input \`database\`). It has:\n${(0,core_text .fF)(names.map((name) => (0,core_text .TN)(name, 100)))}`,
            response: (0,neon_errors .v9)(error),
            fix: "set `database` to one of these, or remove it to use the project's default database",
            cause: error,
        });
    }
};
;
const CONFIRM_PAUSES = [0, 500, 1500];
const DESTRUCTIVE_PAUSE = 3000;
const INHERITANCE_MS = 60_000;
const isOnAfterPauses = async ({ neon, branch, deadline }, pauses) => {
    for (const pause of pauses) {
        await deadline.sleep(pause, 'confirming that Neon Auth is off');
        if (await neon.getAuth(branch.id))
            return true;
    }
    return false;
};
const waitForInheritedAuth = async ({ neon, branch, deadline, log, }) => {
    log.info('The branch is new: waiting for the auth that it may inherit from its parent.');
    const { done } = await (0,poll .g)({
        attempt: async () => ({
            done: (await neon.getAuth(branch.id)) !== undefined,
            value: undefined,
        }),
        deadline,
        patienceMs: INHERITANCE_MS,
        waitingFor: 'waiting for inherited auth',
    });
    return done;
};
const FIXES = 'do one of these. (1) `on_orphan_schema: recreate` deletes the leftover users and sessions, then enables auth. ' +
    '(2) `on_orphan_schema: restore` (experimental) enables auth and brings that data back. ' +
    '(3) Delete the Neon branch and create it again: it inherits auth from its parent. ' +
    '(4) Copy the data elsewhere, run `DROP SCHEMA neon_auth CASCADE`, and run the job again. ' +
    'To avoid this, close with `on_close: keep`, or with `delete_data: true` if you do not need the data';
const NOT_MOVED = 'use `on_orphan_schema: recreate` if you do not need the data, or delete the Neon branch and create it again. `restore` did not find the schema, or Neon does not see that it was moved';
const NOT_DELETED = 'run DROP SCHEMA neon_auth CASCADE in the Neon Console (SQL Editor), or delete the Neon branch and create it again. `recreate` did not find the schema, or Neon does not see that it is gone';
const CLOSED_EARLIER = 'auth was disabled here without deleting its data (this action does so on close unless `delete_data` is true), and the pull request was reopened';
const NOT_VISIBLE_YET = 'the branch is new: the auth that it inherits from its parent may not be visible yet, or the branch was created from a parent whose auth was disabled';
const orphanProblem = ({ branch, onOrphanSchema }, conflict) => {
    const isYoungBranch = isYoung(branch);
    const fixes = { fail: FIXES, recreate: NOT_DELETED, restore: NOT_MOVED };
    return new core_problem .A({
        what: `Could not enable Neon Auth on branch ${branch.name} (${branch.id}): auth is off there, but its database holds a neon_auth schema, and Neon does not enable auth while one exists.`,
        response: (0,neon_errors .v9)(conflict),
        why: isYoungBranch ? `${NOT_VISIBLE_YET}. Otherwise, ${CLOSED_EARLIER}` : CLOSED_EARLIER,
        fix: `${isYoungBranch ? 'run the job again in a minute. If it fails again, ' : ''}${fixes[onOrphanSchema]}`,
    });
};
const claimsOn = ({ message }) => /\balready\b[^.]*\b(enabled|on|active|provisioned)\b/i.test(message) && !/schema/i.test(message);
const explainConflict = async (conflict, wasLost, context) => {
    const { branch, onOrphanSchema } = context;
    const response = (0,neon_errors .v9)(conflict);
    const pauses = onOrphanSchema === 'fail' ? CONFIRM_PAUSES : [...CONFIRM_PAUSES, DESTRUCTIVE_PAUSE];
    const isOn = await (0,core_deadline .Y_)(response, () => isYoung(branch) ? waitForInheritedAuth(context) : isOnAfterPauses(context, pauses));
    if (isOn)
        return { by: wasLost ? 'this run' : 'another run' };
    if (!claimsOn(conflict))
        return conflict;
    const claims = 'refused to enable auth because auth is on, but it reports auth as off';
    throw contradictionProblem(branch, claims, {
        response,
        why: 'the API key is not allowed to read the auth of this branch, or Neon is still setting it up',
    });
};
const requestAuth = async (context, database) => {
    const { neon, branch } = context;
    let wasLost = false;
    const result = await (0,lost_writes .s3)(() => createAuthIn(database, branch, neon), async () => {
        wasLost = true;
        return (await neon.getAuth(branch.id)) ? 'found on' : undefined;
    }, context);
    if (result === 'found on')
        return { by: 'this run' };
    if ('created' in result)
        return { by: 'this run', created: result.created };
    return (0,lost_writes .Pk)(() => wasLost, () => explainConflict(result.conflict, wasLost, context));
};
const unprovenLeftoverProblem = ({ branch }, evidence) => new core_problem .A({
    what: `Nothing was changed: the neon_auth schema on branch ${branch.name} (${branch.id}) may be a copy of its parent's users rather than a leftover.`,
    response: evidence,
    why: NOT_VISIBLE_YET,
    fix: 'run the job again in a few minutes. `on_orphan_schema` deletes or moves such a schema only if its project_config row names a compute of this branch, or once the branch is ten minutes old',
});
const assertLeftover = async (context, database) => {
    const { neon, branch } = context;
    if (!isYoung(branch))
        return;
    const [schema, computes] = await Promise.all([
        (0,orphan_schema .nU)(neon, branch, databasesContext(context, database)),
        (0,neon_errors .eQ)(`Could not list the computes of branch ${branch.name} (${branch.id}).`, () => neon.listEndpointIds(branch.id)),
    ]);
    if (!schema)
        throw unprovenLeftoverProblem(context, 'No neon_auth schema was found over SQL.');
    const { endpointId } = schema;
    if (computes.some((id) => id === endpointId))
        return;
    const named = endpointId === undefined ? 'no compute' : `the compute ${(0,core_text .TN)(endpointId, 60)}`;
    const ownComputes = computes.map((id) => (0,core_text .TN)(id, 60)).join(', ') || 'none';
    throw unprovenLeftoverProblem(context, `Its project_config row names ${named}. The computes of this branch: ${ownComputes}.`);
};
const orphanDeletion = (database) => ({
    change: 'delete_orphan_schema',
    ...(database && { database }),
});
const planRecreate = async (context, database) => {
    const { neon, branch } = context;
    if (isYoung(branch))
        return [];
    const leftover = await (0,orphan_schema .nU)(neon, branch, databasesContext(context, database));
    return leftover ? [orphanDeletion(database)] : [];
};
const dropOverSql = async (context, database, wasLost = false) => {
    const { neon, branch } = context;
    const beforeWrite = () => confirmSqlRemoval(context);
    const options = { ...databasesContext(context, database), beforeWrite };
    try {
        return (await (0,orphan_schema .ZA)(neon, branch, options)) === 'dropped' || wasLost;
    }
    catch (error) {
        if (error instanceof AuthTurnedOn && (wasLost || (0,lost_writes .vy)(error)))
            return true;
        throw error;
    }
};
const deleteSchema = async (context, database) => {
    const { neon, branch } = context;
    let wasLost = false;
    const settle = (error) => {
        if (wasLost && error instanceof AuthTurnedOn)
            return 'removed';
        if (error instanceof neon_errors .tB && error.status === 409 && !error.isForeign)
            return 'gone';
        throw error;
    };
    const outcome = await (0,lost_writes .fO)((attempt) => {
        wasLost = attempt > 0;
        return neon.disableAuth(branch.id, true, () => assertMayDelete(context)).catch(settle);
    }, context);
    if (outcome === 'removed')
        return 'by Neon';
    const dropped = await (0,lost_writes .Pk)(() => wasLost, () => dropOverSql(context, database, wasLost));
    return dropped ? 'over SQL' : 'none';
};
const deleteLeftover = async (context, database, work) => {
    const change = orphanDeletion(database);
    await assertLeftover(context, database);
    const deleted = await unlessTurnedOn(() => context.track(change, work), context);
    return deleted ?? 'none';
};
const recreate = async (context, database) => {
    const change = orphanDeletion(database);
    context.log.info(sentence(change));
    const deletion = await deleteLeftover(context, database, () => deleteSchema(context, database));
    if (deletion !== 'none')
        context.record(change);
    const second = await requestAuth(context, database);
    if ('by' in second || deletion !== 'by Neon')
        return second;
    const dropped = await deleteLeftover(context, database, () => dropOverSql(context, database));
    return dropped === false ? second : requestAuth(context, database);
};
const enableBesideLeftover = async (context, database) => {
    await assertLeftover(context, database);
    const moved = await moveAside(context, database);
    try {
        await context.preconditions.confirm();
        const result = await requestAuth(context, database ?? moved?.database.name);
        if ('by' in result)
            return result;
        throw orphanProblem(context, result);
    }
    catch (error) {
        if (moved)
            await undoMove(moved, error, context);
        throw error;
    }
};
const turnOnAuth = async (context, database) => {
    const { onOrphanSchema } = context;
    const movedDatabase = onOrphanSchema === 'restore' ? await findMovedDatabase(context, database) : undefined;
    const first = await requestAuth(context, database ?? movedDatabase);
    if ('by' in first)
        return first;
    if (onOrphanSchema === 'fail')
        throw orphanProblem(context, first);
    if (onOrphanSchema === 'restore')
        return enableBesideLeftover(context, database ?? movedDatabase);
    const recreated = await recreate(context, database);
    if ('by' in recreated)
        return recreated;
    throw orphanProblem(context, recreated);
};
;
const APPLIED = { outcome: 'applied' };
const listTrustedDomains = async ({ neon, branch }) => ((await neon.listDomains(branch.id)) ?? []).map(({ domain }) => domain);
const LISTING_MS = 5_000;
const waitUntilListed = async (domain, context) => {
    const { done } = await (0,poll .g)({
        deadline: context.deadline,
        patienceMs: LISTING_MS,
        waitingFor: `waiting for Neon to list ${domain}`,
        attempt: async () => {
            const isListed = (0,domains_origin .iC)(await listTrustedDomains(context), domain);
            return { done: isListed, value: undefined };
        },
    });
    return done;
};
const trust = async (context, storedDomains, domain) => {
    const { neon, branch } = context;
    const wasListed = (0,domains_origin .iC)(storedDomains.map((entry) => entry.domain), domain);
    const existsIfListed = async (error) => {
        const isRefused = error instanceof neon_errors .tB && error.status === 400;
        if (isRefused && (await waitUntilListed(domain, context)))
            return 'exists';
        throw error;
    };
    const outcome = await (0,lost_writes .s3)(async (attempt) => {
        const result = await neon.addDomain(branch.id, domain).catch(existsIfListed);
        return attempt > 0 && !wasListed ? 'added' : result;
    }, async () => ((await listTrustedDomains(context)).includes(domain) ? 'added' : undefined), context);
    return outcome === 'added' ? APPLIED : { outcome: 'already_applied' };
};
const untrust = async (context, storedDomains) => {
    const { neon, branch } = context;
    const byProvider = Object.groupBy(storedDomains, ({ auth_provider }) => auth_provider);
    for (const group of Object.values(byProvider)) {
        const names = group.map(({ domain }) => domain);
        await (0,lost_writes .s3)(() => neon.removeDomains(branch.id, group), async () => {
            const remaining = (await neon.listDomains(branch.id)) ?? [];
            return remaining.some(({ domain }) => names.includes(domain)) ? undefined : 'removed';
        }, context);
    }
};
class PlanOutdated extends Error {
    auth;
    constructor(auth) {
        super(`auth is ${auth}`);
        this.auth = auth;
    }
}
const ownEffect = (mayHaveWorked) => mayHaveWorked && {
    response: "This run's own request may have disabled it: the response was lost.",
};
const authReplacedProblem = ({ branch }, mayHaveWorked) => new core_problem .A({
    what: `The run stopped: Neon Auth on branch ${branch.name} (${branch.id}) was disabled and enabled again while this run was disabling it.`,
    ...ownEffect(mayHaveWorked),
    why: 'the pull request was reopened, or another run enabled auth',
    fix: 'if auth should be off there, run this job again',
});
const disable = async (change, { integration: planned, since = NEVER_READ }, context) => {
    const { neon, branch, deadline } = context;
    let attempts = 0;
    const assertSameIntegration = async () => {
        const integration = await neon.getAuth(branch.id);
        if (!integration)
            throw new PlanOutdated('off');
        if (!planned || !isSameAuth(integration, planned))
            throw new PlanOutdated('replaced');
    };
    const beforeAttempt = async () => {
        attempts += 1;
        if (attempts > 1 || !isRecent(since, deadline))
            await assertSameIntegration();
    };
    let mayHaveWorked = false;
    const request = async () => {
        const outcome = await (0,lost_writes .s3)(() => neon.disableAuth(branch.id, change.deleteData, beforeAttempt), async () => {
            mayHaveWorked = true;
            return (await neon.getAuth(branch.id)) ? undefined : 'removed';
        }, context);
        if (outcome === 'removed')
            return APPLIED;
        await assertSameIntegration();
        throw contradictionProblem(branch, 'found no auth to disable, but it reports auth as on', {
            ...ownEffect(mayHaveWorked),
            why: 'the API key is not allowed to change the auth of this branch, or Neon is still disabling it',
        });
    };
    const explain = (error) => {
        if (!(error instanceof PlanOutdated))
            throw error;
        if (error.auth === 'replaced')
            throw authReplacedProblem(context, mayHaveWorked);
        return mayHaveWorked ? APPLIED : { outcome: 'replan' };
    };
    return (0,lost_writes .Pk)(() => mayHaveWorked, () => request().catch(explain));
};
const apply_write = async (change, basis, context) => {
    const { neon, branch } = context;
    switch (change.change) {
        case 'enable_auth': {
            const enabled = await turnOnAuth(context, change.database);
            if (enabled.by === 'another run')
                return { outcome: 'replan' };
            return { ...APPLIED, ...(enabled.created && { created: enabled.created }) };
        }
        case 'set_allow_localhost':
            await (0,lost_writes .s3)(() => neon.setAllowLocalhost(branch.id, change.allow), async () => (await neon.getAllowLocalhost(branch.id)) === change.allow || undefined, context);
            return APPLIED;
        case 'trust_domain':
            return trust(context, basis.storedDomains, change.domain);
        case 'untrust_domains':
            await untrust(context, basis.storedDomains.filter(({ domain }) => change.domains.includes(domain)));
            return APPLIED;
        case 'disable_auth':
            return disable(change, basis, context);
        case 'restore_auth_data':
            return { outcome: await restoreAuthData(change, context) };
        default:
            await applySetting(change, context);
            return APPLIED;
    }
};
const apply = async (change, basis, context) => {
    const { branch, log, record } = context;
    log.info(sentence(change));
    try {
        const result = await context.track(change, () => apply_write(change, basis, context));
        if (result.outcome === 'applied')
            record(change);
        return result;
    }
    catch (error) {
        const isMissing = error instanceof neon_errors .tB && [404, 410].includes(error.status);
        const what = `Failed on branch ${branch.name} (${branch.id}): ${sentence(change)}`;
        const isOff = () => (0,neon_errors .eQ)(what, async () => !(await context.neon.getAuth(branch.id)));
        if (isMissing && change.change !== 'enable_auth' && (await isOff()))
            return { outcome: 'replan' };
        throw (0,neon_errors .H8)(error, what);
    }
};
;
const ALREADY_GONE = { action: 'already_gone', trustedDomains: [] };
const stillListedProblem = ({ branch }) => new core_problem .A({
    what: `Neon accepted the removal of this pull request's domains from branch ${branch.name} (${branch.id}) but still lists them.`,
    why: 'another run or a person is changing the same branch',
    fix: 'run the job again',
});
const REMOVAL_MS = 10_000;
const readBack = async (desired, context) => {
    const { neon, branch, deadline } = context;
    const { done, value: state } = await (0,poll .g)({
        attempt: async () => {
            const { state } = await observeForClose(neon, branch, 'untrust');
            return { done: planClose(desired, state).length === 0, value: state };
        },
        deadline,
        patienceMs: REMOVAL_MS,
        waitingFor: 'waiting for Neon to stop listing the removed domains',
    });
    if (state.auth === 'off')
        return ALREADY_GONE;
    if (!done)
        throw stillListedProblem(context);
    return { action: 'untrusted', trustedDomains: state.trustedDomains };
};
const readForClose = async ({ onClose }, { neon, branch, preconditions, deadline }) => {
    const since = markRead(deadline);
    const [observed, confirmed] = await Promise.allSettled([
        observeForClose(neon, branch, onClose),
        preconditions.confirm(),
    ]);
    if (observed.status === 'rejected')
        throw observed.reason;
    if (confirmed.status === 'rejected') {
        const isOn = observed.value.state.auth === 'on';
        if (isOn || confirmed.reason instanceof BranchGone)
            throw confirmed.reason;
    }
    return { state: observed.value, since };
};
const turnOffAuth = async (desired, context, known) => {
    const { state: observed, since } = known ?? (await readForClose(desired, context));
    const { state, storedDomains, integration } = observed;
    if (state.auth === 'off')
        return ALREADY_GONE;
    const changes = planClose(desired, state);
    for (const change of changes) {
        const { outcome } = await apply(change, { storedDomains, integration, since }, context);
        if (outcome === 'replan' && change.change === 'disable_auth')
            return ALREADY_GONE;
    }
    if (desired.onClose === 'disable')
        return { action: 'disabled', trustedDomains: [] };
    return changes.length > 0
        ? readBack(desired, context)
        : { action: 'untrusted', trustedDomains: state.trustedDomains };
};
;
const TEMPLATES = [
    'preview/pr-{number}-{ref}',
    'preview/pr-{number}',
    'pr-{number}-{ref}',
    'pr-{number}',
    'preview/{ref}',
];
const createConvention = (template) => ({
    by: template.includes('{number}') ? 'number' : 'ref',
    usesRef: template.includes('{ref}'),
    write: (number, headRef) => template.replace('{number}', () => String(number)).replace('{ref}', () => headRef),
    pattern: new RegExp(`^${template.replace('{number}', '(?<number>[1-9]\\d*)').replace('{ref}', '(?<headRef>.+)')}$`, 's'),
});
const CONVENTIONS = TEMPLATES.map(createConvention);
const parseBranchName = (name) => {
    const groups = CONVENTIONS.map(({ pattern }) => pattern.exec(name)?.groups).find(Boolean);
    if (!groups)
        return undefined;
    const { number: digits, headRef } = groups;
    if (digits === undefined)
        return headRef === undefined ? undefined : { by: 'ref', headRef };
    const number = Number(digits);
    return isPullRequestNumber(number) ? { by: 'number', number } : undefined;
};
const branchNames = ({ number, headRef, isSameRepository, }) => {
    const isUsable = ({ name, by }) => {
        if (by === 'number')
            return true;
        const claim = parseBranchName(name);
        return isSameRepository && (claim?.by === 'ref' || claim?.number === number);
    };
    return CONVENTIONS.filter(({ usesRef }) => headRef || !usesRef)
        .map(({ by, write }) => ({ name: write(number, headRef ?? ''), by }))
        .filter(isUsable);
};
;
const sameName = (a, b) => a.toLowerCase() === b.toLowerCase();
const annotationOf = ({ annotations }, branchId) => {
    const value = annotations[branchId]?.value ?? {};
    const text = (0,core_text .y0)(value['github-pr-number']);
    const isNumber = /^[1-9]\d*$/.test(text ?? '') && isPullRequestNumber(Number(text));
    const number = isNumber ? Number(text) : text;
    const repository = (0,core_text .y0)(value['github-commit-repo']);
    return { ...(number && { number }), ...(repository && { repository }) };
};
const formatBranch = ({ name, id }) => `${(0,core_text .TN)(name, 100)} (${id})`;
const formatBranches = (branches) => branches.map(formatBranch).join(', ');
const onlyOne = (matches, criterion) => {
    const [first, second] = matches;
    if (!second)
        return first;
    throw new core_problem .A({
        what: `${matches.length} branches match ${criterion} equally well: ${formatBranches(matches)}.`,
        fix: 'set `branch` to the one you mean (its ID is safest)',
    });
};
const findByInput = (nameOrId, branches) => {
    const matches = branches.filter(({ id, name }) => id === nameOrId || name === nameOrId);
    const branch = onlyOne(matches, `\`branch: ${(0,core_text .TN)(nameOrId, 100)}\``);
    return branch && { branch: toFoundBranch(branch), by: 'input' };
};
const otherOwners = (branch, { number }, pull) => {
    const claim = parseBranchName(branch.name);
    const nameNumber = claim?.by === 'number' ? claim.number : undefined;
    const otherNumbers = [number, nameNumber]
        .filter((owner) => typeof owner === 'number')
        .filter((owner) => owner !== pull.number);
    return {
        ...(claim?.by === 'ref' && { sharedRef: claim.headRef }),
        ...(otherNumbers.length > 0 && { otherNumbers }),
    };
};
const findUndecidedBranch = ({ pull, checkRepository }, listing) => {
    for (const branch of listing.branches) {
        const annotation = annotationOf(listing, branch.id);
        const { number, repository } = annotation;
        if (number !== pull.number || !repository)
            continue;
        const identity = checkRepository(repository);
        if (typeof identity !== 'string')
            return { branch: toFoundBranch(branch), annotation, ...identity };
    }
    return undefined;
};
const findByAnnotation = ({ pull, checkRepository }, listing) => {
    const annotated = listing.branches.filter(({ id }) => {
        const { number, repository } = annotationOf(listing, id);
        return (number === pull.number && repository !== undefined && checkRepository(repository) === 'this');
    });
    const branch = onlyOne(annotated, `pull request #${pull.number} by annotation`);
    if (!branch)
        return undefined;
    return {
        branch: toFoundBranch(branch),
        by: 'annotation',
        ...otherOwners(branch, annotationOf(listing, branch.id), pull),
    };
};
const contradiction = (by, { pull, checkRepository }, { number, repository }) => {
    const identity = repository === undefined ? 'this' : checkRepository(repository);
    if (identity === 'other')
        return { reason: 'other_owner' };
    if (by === 'number' && number !== undefined && number !== pull.number)
        return { reason: typeof number === 'string' ? 'unreadable_number' : 'other_owner' };
    return identity === 'this' ? undefined : { reason: 'unknown_repository', ...identity };
};
const decideOwnership = (claimant, listing) => {
    const annotated = findByAnnotation(claimant, listing);
    if (annotated)
        return annotated;
    for (const { name, by } of branchNames(claimant.pull)) {
        const named = listing.branches.filter((branch) => branch.name === name);
        const branch = onlyOne(named, `the name ${(0,core_text .TN)(name, 100)}`);
        if (!branch)
            continue;
        const annotation = annotationOf(listing, branch.id);
        const found = toFoundBranch(branch);
        const contradicts = contradiction(by, claimant, annotation);
        if (contradicts)
            return { conflict: { branch: found, annotation, ...contradicts } };
        return {
            branch: found,
            by,
            ...otherOwners(branch, annotation, claimant.pull),
            ...(by === 'ref' && { sharedRef: claimant.pull.headRef ?? '' }),
        };
    }
    return undefined;
};
const repositoriesToResolve = ({ pull, repository }, listing) => {
    const names = new Set(branchNames(pull).map(({ name }) => name));
    const annotated = listing.branches.flatMap((branch) => {
        const annotation = annotationOf(listing, branch.id);
        const isRelevant = annotation.number === pull.number || names.has(branch.name);
        return isRelevant && annotation.repository !== undefined ? [annotation.repository] : [];
    });
    return [...new Set(annotated)].filter((name) => !sameName(name, repository));
};
const SET_BRANCH = "set `branch` to this pull request's branch";
const CONFLICTS = {
    other_owner: {
        what: 'names another owner',
        why: 'two repositories or two pull requests share one Neon project and use the same branch names',
        fix: `${SET_BRANCH}, or give each repository its own Neon project`,
    },
    unreadable_number: {
        what: 'has an unreadable number',
        why: 'the workflow that annotated the branch passed an invalid number',
        fix: SET_BRANCH,
    },
    unknown_repository: {
        what: 'may name another owner',
        why: 'the run could not find out whether the annotated repository is an older name of this one',
        fix: `${SET_BRANCH}, or run the job again, with a \`github_token\` if it had none`,
    },
};
const describeUndecided = ({ branch, annotation }) => `${formatBranch(branch)} is annotated with the number of this pull request and the repository ${(0,core_text .TN)(annotation.repository ?? '', 100)}`;
const undecidedProblem = (undecided) => {
    const { why, fix } = CONFLICTS.unknown_repository;
    return new core_problem .A({
        what: `Nothing was changed: the branch ${describeUndecided(undecided)}.`,
        response: undecided.unresolved,
        why,
        fix,
    });
};
const conflictProblem = ({ pull, repository }, { branch, annotation, reason, unresolved }) => {
    const { number, repository: annotated } = annotation;
    const parts = [
        number !== undefined && `github-pr-number: ${(0,core_text .TN)(`${number}`, 100)}`,
        annotated !== undefined && `github-commit-repo: ${(0,core_text .TN)(annotated, 100)}`,
    ].filter(Boolean);
    const { what, why, fix } = CONFLICTS[reason];
    return new core_problem .A({
        what: `Nothing was changed: the branch ${formatBranch(branch)} has the name of pull request #${pull.number}, but its annotation ${what}.`,
        response: [
            `Annotation: ${parts.join(', ')}. This run: pull request #${pull.number} of ${repository}`,
            unresolved,
        ]
            .filter(Boolean)
            .join('\n'),
        why,
        fix,
    });
};
;
const isIssue = async (github, number) => {
    try {
        return await github.call('issues: read', async (octokit, options) => {
            const { data } = await octokit.rest.issues.get({ ...options, issue_number: number });
            return data?.number === number && !data.pull_request;
        });
    }
    catch (error) {
        if (error instanceof GitHubError)
            return false;
        throw error;
    }
};
const assertNotIssue = async (github, number) => {
    if (!(await isIssue(github, number)))
        return;
    throw new core_problem .A({
        what: `#${number} in ${github.repository} is an issue, not a pull request, so no Neon branch belongs to it.`,
        fix: 'set `pr_number` to the number of a pull request, or `branch`. In a workflow on `issue_comment`, add `if: github.event.issue.pull_request`',
    });
};
;
const PULLS_READ = 'pull-requests: read';
const STATES = ['open', 'closed'];
const PULLS = {
    permission: PULLS_READ,
    maxPages: 10,
    entries: 'pull requests with numbers and states',
    isEntry: (pull) => pull !== null && Number.isSafeInteger(pull.number) && STATES.includes(pull.state),
};
const toPullRequest = (number, { state, head, base }) => ({
    number,
    state: state === 'closed' ? 'closed' : 'open',
    ...classifyHead(head?.repo, base?.repo),
    ...(0,optional .l)('headRef', headRefOf(head?.ref)),
    ...(0,optional .l)('headSha', (0,core_text .y0)(head?.sha)),
});
const fetchPullRequestOrWarn = async (github, number, log) => {
    try {
        return await fetchPullRequest(github, number);
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        if (error.status === 404)
            await assertNotIssue(github, number);
        log.warning(`Could not check whether pull request #${number} is still open: ${error.message}. Continuing without this check.`);
        return undefined;
    }
};
const isPullRequest = (body) => typeof body === 'object' && body !== null && 'state' in body && STATES.includes(`${body.state}`);
const fetchPullRequest = (github, number) => github.read(PULLS_READ, `/pulls/${number}`, (body) => {
    if (!isPullRequest(body))
        throw new UnusableResponseError('its response names no state');
    return toPullRequest(number, body);
});
const toListedPullRequest = (pull) => ({
    ...toPullRequest(pull.number, pull),
    isMerged: typeof pull.merged_at === 'string',
    ...(0,optional .l)('baseRef', (0,core_text .y0)(pull.base?.ref)),
});
const unusableListError = (why) => new GitHubError(new UnusableResponseError(why), PULLS_READ);
const listPullRequests = async (github, filter, state) => {
    const [owner] = github.repository.split('/');
    const query = 'head' in filter ? { head: `${owner}:${filter.head}` } : filter;
    const { items, isComplete } = await readPages(github, PULLS, (octokit, options) => octokit.rest.pulls.list({ ...options, ...query, state }));
    if (isComplete)
        return items
            .map(toListedPullRequest)
            .filter((pull) => 'head' in filter
            ? pull.headRef === filter.head && !pull.isFork
            : pull.baseRef === filter.base);
    throw unusableListError('it lists more than 1,000 pull requests');
};
const BATCH_SIZE = 100;
const inBatches = (items) => Array.from({ length: Math.ceil(items.length / BATCH_SIZE) }, (_, index) => items.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE));
const stateOf = ({ state }) => ['CLOSED', 'MERGED'].includes(state) ? 'closed' : 'open';
const ignoreUnknownNumbers = (error) => {
    const { data, errors = [] } = error;
    const isOnlyUnknown = errors.length > 0 &&
        errors.every(({ type, path = [] }) => type === 'NOT_FOUND' && /^n\d+$/.test(`${path[1]}`));
    if (isOnlyUnknown && data?.repository)
        return data.repository;
    const forbidden = errors.find(({ type }) => type === 'FORBIDDEN');
    throw forbidden
        ? Object.assign(new Error(forbidden.message ?? 'Forbidden'), { status: 403 })
        : error;
};
const queryRepository = async (github, fields, variables) => github.call(PULLS_READ, async (octokit, { owner, repo, request }) => {
    const declarations = Object.keys(variables).map((name) => `, $${name}: String!`);
    const query = `query ($owner: String!, $repo: String!${declarations.join('')}) { repository(owner: $owner, name: $repo) { ${fields.join(' ')} } }`;
    try {
        const response = await octokit.graphql(query, {
            owner,
            repo,
            request,
            ...variables,
        });
        if (response.repository)
            return response.repository;
        throw new UnusableResponseError('its response names no repository');
    }
    catch (error) {
        return ignoreUnknownNumbers(error);
    }
});
const isPull = (node) => typeof node === 'object' && node !== null && 'state' in node;
const nodesOf = (field) => {
    const { nodes } = (0,fields .Pf)(field);
    return Array.isArray(nodes) ? nodes : undefined;
};
const isOwn = (pull) => !!pull && !pull.isCrossRepository;
const PULLS_PER_REF = 50;
const refFields = (index) => [
    `o${index}: pullRequests(headRefName: $r${index}, states: OPEN, first: ${PULLS_PER_REF}) { nodes { number state isCrossRepository } }`,
    `r${index}: pullRequests(headRefName: $r${index}, first: ${PULLS_PER_REF}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number state isCrossRepository headRef { name } } }`,
];
const readPullRequestStates = async (github, numbers) => {
    const byNumber = new Map();
    for (const batch of inBatches(numbers)) {
        const fields = batch.map((number) => `n${number}: pullRequest(number: ${number}) { state headRefName }`);
        for (const [alias, node] of Object.entries(await queryRepository(github, fields, {}))) {
            if (!isPull(node))
                continue;
            const headRef = (0,core_text .y0)(node.headRefName) ?? '';
            byNumber.set(Number(alias.slice(1)), { state: stateOf(node), headRef });
        }
    }
    return byNumber;
};
const toRefState = (open, all) => {
    if (!open || !all)
        return 'unknown';
    const newestFirst = all.filter(isOwn);
    if ([...open.filter(isOwn), ...newestFirst].some((pull) => stateOf(pull) === 'open'))
        return 'open';
    if (open.length >= PULLS_PER_REF)
        return 'unknown';
    const [newest, ...earlier] = newestFirst;
    if (!newest)
        return 'unknown';
    if (newestFirst.some((pull) => pull.isCrossRepository !== false))
        return 'unknown';
    const isGone = newestFirst.every((pull) => pull.headRef === null);
    const isReused = all.length >= PULLS_PER_REF || earlier.some(({ state }) => state === 'MERGED');
    return isGone && !isReused ? 'closed' : 'long-lived';
};
const readRefBatch = async (github, refs) => {
    const variables = Object.fromEntries(refs.map((ref, index) => [`r${index}`, ref]));
    const fields = refs.flatMap((_, index) => refFields(index));
    const response = await queryRepository(github, fields, variables);
    return refs.map((ref, index) => [
        ref,
        toRefState(nodesOf(response[`o${index}`]), nodesOf(response[`r${index}`])),
    ]);
};
const readHeadRefStates = async (github, refs) => {
    const byRef = new Map();
    for (const batch of inBatches(refs)) {
        for (const [ref, state] of await readRefBatch(github, batch))
            byRef.set(ref, state);
    }
    return byRef;
};
;
const resolveRepository = async (github, name) => {
    const [owner = '', repo = ''] = name.split('/');
    if (!/^[\w.-]+\/[\w.-]+$/.test(name))
        return 'other';
    try {
        const fullName = await github.call('metadata: read', async (octokit, { request }) => {
            const { data } = await octokit.rest.repos.get({ owner, repo, request });
            if (typeof data.full_name === 'string')
                return data.full_name;
            throw new UnusableResponseError('its response names no repository');
        });
        return fullName.toLowerCase() === github.repository.toLowerCase() ? 'this' : 'other';
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        return error.status === 404 ? 'other' : { unresolved: `GitHub: ${error.message}` };
    }
};
const readDefaultBranch = async (github) => github.call('metadata: read', async (octokit, options) => {
    const { data } = await octokit.rest.repos.get({ ...options });
    if (typeof data.default_branch !== 'string')
        throw new UnusableResponseError('its response names no default branch');
    return data.default_branch;
});
const readGitBranch = async (github, ref) => {
    try {
        return await github.call('contents: read', async (octokit, options) => {
            const { data } = await octokit.rest.repos.getBranch({ ...options, branch: ref });
            if (typeof data.protected !== 'boolean')
                throw new UnusableResponseError('its response does not say whether the branch is protected');
            return data.protected ? 'protected' : 'unprotected';
        });
    }
    catch (error) {
        if (error instanceof GitHubError && error.status === 404)
            return 'gone';
        throw error;
    }
};
;
const WHOLE_BRANCH = { scope: 'branch' };
const domainsOnly = (why) => ({ scope: 'domains', why });
const whyLongLived = ({ ref, defaultBranch, gitBranchState, pullsIntoRef }, pullsWithHead, number) => {
    const merged = pullsWithHead.find((pull) => pull.isMerged && pull.number !== number);
    if (ref === defaultBranch)
        return "it is the repository's default branch";
    if (gitBranchState === 'protected')
        return 'it is a protected branch';
    if (pullsIntoRef[0])
        return `it is the base of the open pull request #${pullsIntoRef[0].number}`;
    if (merged)
        return `it was the head of pull request #${merged.number}, which was merged earlier`;
    return undefined;
};
const whyShared = (pullsWithHead, number) => {
    const open = pullsWithHead.filter((pull) => pull.state === 'open' && pull.number !== number);
    if (open.length === 0)
        return undefined;
    const names = open.map((pull) => `#${pull.number}`).join(', ');
    return open.length > 1
        ? `pull requests ${names} have the same head, are open, and use this branch too`
        : `pull request ${names} has the same head, is open, and uses this branch too`;
};
const ownersUnknownProblem = (owned, response, fix) => new core_problem .A({
    what: `The run stopped: the branch ${formatBranch(owned.branch)} may belong to other open pull requests, and this run could not check that.`,
    ...(response && { response }),
    fix,
});
const readRefFacts = async (github, ref) => {
    const [defaultBranch, gitBranchState, pullsIntoRef] = await Promise.all([
        readDefaultBranch(github),
        readGitBranch(github, ref),
        listPullRequests(github, { base: ref }, 'open'),
    ]);
    return { ref, defaultBranch, gitBranchState, pullsIntoRef };
};
const listPullsWithHead = async (github, ref, { number, headRef, isSameRepository }) => {
    const pulls = await listPullRequests(github, { head: ref }, 'all');
    const isExpected = number !== undefined && headRef === ref && isSameRepository === true;
    if (!isExpected || pulls.some((pull) => pull.number === number))
        return pulls;
    if ((await readHeadRefStates(github, [ref])).get(ref) === 'closed')
        return pulls;
    throw unusableListError(`its list of the pull requests from ${(0,core_text .TN)(ref, 80)} lacks #${number}`);
};
const sharedScope = async (github, ref, pull, by) => {
    const { number } = pull;
    const [pullsWithHead, facts] = await Promise.all([
        listPullsWithHead(github, ref, pull),
        by === 'ref' ? readRefFacts(github, ref) : undefined,
    ]);
    const shared = whyShared(pullsWithHead, number);
    if (shared !== undefined)
        return domainsOnly(shared);
    const longLived = facts && whyLongLived(facts, pullsWithHead, number);
    return longLived === undefined
        ? WHOLE_BRANCH
        : domainsOnly(`the git branch ${(0,core_text .TN)(ref, 80)} is long-lived: ${longLived}`);
};
const isShared = ({ sharedRef, otherNumbers = [] }) => sharedRef !== undefined || otherNumbers.length > 0;
const closeScope = async (owned, pull, github) => {
    const { by, sharedRef, otherNumbers = [] } = owned;
    if (!isShared(owned))
        return WHOLE_BRANCH;
    const permissionsFix = 'add `permissions: pull-requests: read` and `contents: read` to the job, or set `branch`';
    if (!github)
        throw ownersUnknownProblem(owned, undefined, `pass \`github_token\`, and ${permissionsFix}`);
    try {
        const others = await Promise.all(otherNumbers.map((other) => fetchPullRequest(github, other)));
        const open = others.find(({ state }) => state === 'open');
        if (open)
            return domainsOnly(`the branch's annotation or name points to pull request #${open.number}, which is open`);
        if (sharedRef === undefined)
            return WHOLE_BRANCH;
        return await sharedScope(github, sharedRef, pull, by);
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        const retryFix = error.isPermanent ? 'set `branch`' : 'run the job again, or set `branch`';
        const fix = error.mayLackPermission ? permissionsFix : retryFix;
        throw ownersUnknownProblem(owned, `GitHub: ${error.message}`, fix);
    }
};
var mod = __nccwpck_require__(1916);
;
const describeTarget = (search) => 'named' in search
    ? `the branch ${(0,core_text .TN)(search.named, 100)}`
    : `the branch of pull request #${search.pull.number}`;
const NOT_ASKED = { unresolved: 'GitHub was not asked, because the run has no `github_token`.' };
const createRepositoryCheck = async (repository, names, github) => {
    const resolve = async (name) => [name.toLowerCase(), github ? await resolveRepository(github, name) : NOT_ASKED];
    const resolved = new Map(await Promise.all(names.map(resolve)));
    return (name) => sameName(name, repository) ? 'this' : (resolved.get(name.toLowerCase()) ?? NOT_ASKED);
};
const findBranch = async (search, { neon, github }, query = {}) => (0,neon_errors .eQ)(`Could not look for ${describeTarget(search)} in the Neon project ${neon.projectId}.`, async () => {
    const listing = await listAllBranches(neon, query);
    const listed = listing.branches;
    if ('named' in search) {
        const owned = findByInput(search.named, listed);
        return { listed, ...(owned && { owned }) };
    }
    const names = repositoriesToResolve(search, listing);
    const checkRepository = await createRepositoryCheck(search.repository, names, github);
    const claimant = { ...search, checkRepository };
    const owned = decideOwnership(claimant, listing);
    if (owned && 'conflict' in owned)
        throw conflictProblem(search, owned.conflict);
    if (owned?.by === 'annotation')
        return { listed, owned };
    const undecided = findUndecidedBranch(claimant, listing);
    if (owned && undecided && github)
        throw undecidedProblem(undecided);
    return { listed, ...(owned ? { owned } : undecided && { undecided }) };
});
const searchedNames = (search) => 'named' in search ? [search.named] : branchNames(search.pull).map(({ name }) => name);
const MAX_NEAREST = 5;
const nearestNames = (search, listed) => {
    const tried = searchedNames(search);
    const names = listed.map(({ name }) => name);
    const distanceOf = (name) => (0,mod .Io)(name, (0,mod .kp)(name, tried));
    return names.sort((a, b) => distanceOf(a) - distanceOf(b)).slice(0, MAX_NEAREST);
};
const describeSearch = (search, { listed, undecided }) => {
    const annotation = 'named' in search ? '' : 'a branch annotated with its number; ';
    const tried = searchedNames(search).map((name) => (0,core_text .TN)(name, 100));
    const nearest = nearestNames(search, listed).map((name) => (0,core_text .TN)(name, 100));
    const mayBe = undecided
        ? `\n${describeUndecided(undecided)}, which may be an older name of this one\n${undecided.unresolved}`
        : '';
    return `Looked for: ${annotation}${tried.join(', ')}\nNearest of the ${listed.length} branches there: ${nearest.join(', ') || '(none)'}${mayBe}`;
};
const missingBranchProblem = (search, found, ending = '') => new core_problem .A({
    what: `The Neon project has no branch for this run${ending}.`,
    response: describeSearch(search, found),
    why: 'the step that creates the branch did not run before this one, or it uses another name',
    fix: 'create the branch first (neondatabase/create-branch-action), or set `branch` to its name or ID',
});
const isBranchId = (text) => /^br-[a-z0-9]+-[a-z0-9]+-[a-z0-9]+$/.test(text);
const waitForBranch = async (search, context, shouldStop) => {
    const { deadline, log } = context;
    const mayAppear = !('named' in search && isBranchId(search.named));
    if (mayAppear)
        log.info(`Waiting for ${describeTarget(search)} (at most ${deadline.seconds} s).`);
    const { done, value } = await (0,poll .g)({
        attempt: async () => {
            const searching = findBranch(search, context);
            searching.catch(() => { });
            const stopped = await shouldStop();
            const found = stopped ? { listed: [] } : await searching;
            if (!stopped && !found.owned && !mayAppear)
                throw missingBranchProblem(search, found);
            return {
                done: stopped || found.owned !== undefined,
                value: found,
                failure: `${describeTarget(search)} was not in the list`,
            };
        },
        deadline,
        waitingFor: `waiting for ${describeTarget(search)}`,
    });
    if (!done)
        throw missingBranchProblem(search, value, `, and none appeared within ${deadline.seconds} s`);
    return value.owned;
};
var per_build = __nccwpck_require__(7151);
;
const WORKERS = 10;
const toDeployment = (response) => ({
    id: response.id,
    environment: (0,core_text .y0)(response.environment) ?? '',
    isFlaggedProduction: response.production_environment === true,
    ...(0,optional .l)('sha', (0,core_text .y0)(response.sha)),
    ...(0,optional .l)('ref', (0,core_text .y0)(response.ref)),
    ...(0,optional .l)('creator', (0,core_text .y0)(response.creator?.login)),
});
const toStatus = ({ state, environment, environment_url }) => ({
    state: (0,core_text .y0)(state) ?? '',
    ...(0,optional .l)('environment', (0,core_text .y0)(environment)),
    ...(0,optional .l)('url', (0,core_text .y0)(environment_url)),
});
const LIMITS = { permission: 'deployments: read', maxPages: 10 };
const DEPLOYMENTS = {
    ...LIMITS,
    entries: 'deployments with IDs',
    isEntry: (deployment) => Number.isSafeInteger(deployment?.id),
};
const STATUSES = {
    ...LIMITS,
    entries: 'deployment statuses',
    isEntry: (status) => status !== null,
};
const listDeployments = async (github, filter) => {
    const { items, isComplete } = await readPages(github, DEPLOYMENTS, (octokit, options) => octokit.rest.repos.listDeployments({ ...options, ...filter }));
    return { items: items.map(toDeployment), isComplete };
};
const readStatuses = async (github, deployment) => {
    const { items, isComplete } = await readPages(github, STATUSES, (octokit, options) => octokit.rest.repos.listDeploymentStatuses({ ...options, deployment_id: deployment.id }));
    return { reported: { ...deployment, statuses: items.map(toStatus) }, isComplete };
};
const readDeploymentStatuses = async (github, deployments) => {
    const items = [];
    let isComplete = true;
    for (let start = 0; start < deployments.length; start += WORKERS) {
        const batch = deployments.slice(start, start + WORKERS);
        const results = await Promise.all(batch.map((deployment) => readStatuses(github, deployment)));
        items.push(...results.map(({ reported }) => reported));
        isComplete &&= results.every((result) => result.isComplete);
    }
    return { items, isComplete };
};
;
const bestEffort = async (warning, { log }, work) => {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        const isMalformed = error instanceof TypeError;
        const why = isMalformed ? 'a response does not match its documentation' : (0,core_problem .b)(error);
        log.warning(`${warning}: ${why}`);
        return undefined;
    }
};
const warnNoToken = (input, { log }) => log.warning(`\`${input}\` needs \`github_token\`, which is empty.`);
;
const SCHEME = /^([a-z][a-z\d+.-]*):\/\//i;
const splitEntry = (text) => {
    const [prefix = '', scheme] = SCHEME.exec(text) ?? [];
    const authorityLength = text.slice(prefix.length).search(/[/?#\\]/);
    const end = authorityLength < 0 ? text.length : prefix.length + authorityLength;
    const authority = text.slice(prefix.length, end);
    const colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    return {
        text,
        ...(scheme !== undefined && { scheme: scheme.toLowerCase() }),
        authority,
        host: colon < 0 ? authority : authority.slice(0, colon),
        ...(colon >= 0 && { port: authority.slice(colon + 1) }),
        end,
    };
};
const entryUrl = ({ text, scheme }) => {
    if (scheme !== undefined)
        return URL.parse(text) ?? undefined;
    const url = URL.parse(`https://${text}`);
    return url && (0,loopback .U)(url.hostname)
        ? (URL.parse(`http://${text}`) ?? undefined)
        : (url ?? undefined);
};
const TEMPLATE = /\$\{|\$\(|\$[a-z_]|\{\{|\}\}|%[a-z_][a-z\d_]*%|%!|#\{|\benv\(|<[a-z_][^>]*>|\{[\w.-]+\}/i;
const EMPTY_VALUE_HINT = 'the value, probably a step output, was empty';
const MAX_ENTRY_LENGTH = 4096;
const syntaxFault = ({ text, authority }) => {
    if (text.length > MAX_ENTRY_LENGTH)
        return `it has ${text.length} characters, more than any preview's URL`;
    const codePoint = text
        .replace(/[\t\n\r]/g, '')
        .match(core_text .Pk)?.[0]
        .codePointAt(0);
    if (codePoint !== undefined) {
        const code = codePoint.toString(16).toUpperCase().padStart(4, '0');
        return `it contains the invisible character U+${code}; type the domain again`;
    }
    if (/object Object/i.test(authority))
        return 'this is a JavaScript object printed as text. Output its URL instead';
    if (TEMPLATE.test(authority) || /^(\$|\{\{|#\{|%!)/.test(text))
        return 'it contains a template or variable that was not filled in. A workflow fills in only `${{ \u2026 }}`';
    if (/^(\{|\[(?![\da-f:.]+\]))/i.test(text) || /["'\]}]\s*[\]}]$/.test(text))
        return 'this is part of a JSON value. Pass one domain per line instead: `join(fromJSON(value))` converts an array';
    if (/^["'`<]|["'`>]$|^\(.*\)$/.test(text))
        return 'remove the quotes or brackets around it';
    if (/\s/.test(text))
        return 'it contains whitespace. Separate domains with commas or line breaks';
    return text.includes('\\') ? 'it contains a backslash. Use forward slashes' : undefined;
};
const schemeFault = ({ text, scheme, authority }) => {
    if (/^https?:?\/*https?(:|\/\/)|^[a-z]+:\/\/[a-z]+:\/\//i.test(text))
        return 'it has two schemes; a template added `https://` to a value that already had it';
    if (scheme === undefined && /^https?(:?\/|:(?!\d))/i.test(text))
        return 'the scheme is incomplete. Put https:// in front of the host';
    if (/^:?\/\//.test(text))
        return 'the scheme is missing. Put https:// in front of the host';
    if (text.startsWith('/'))
        return 'this is a path without a host. Use the full URL';
    if (scheme === undefined && /^[a-z][a-z\d+-]*:(?!\d*$)/i.test(authority))
        return 'only https:// origins can be trusted (and http:// on localhost)';
    if (scheme !== undefined && scheme !== 'https' && scheme !== 'http')
        return `${scheme}:// cannot be trusted, only https:// (and http:// on localhost)`;
    return authority === ''
        ? `there is no host${scheme === undefined ? '' : ` after ${scheme}://`}; ${EMPTY_VALUE_HINT}`
        : undefined;
};
const authorityFault = ({ authority, host, port }) => {
    if (authority.includes('@'))
        return 'it contains a user name or password, which an origin never has';
    if (host === '')
        return `there is no host in front of the port; ${EMPTY_VALUE_HINT}`;
    if (authority.includes('%'))
        return 'its host contains percent-encoded characters';
    if (port === undefined)
        return undefined;
    if (port === '')
        return `nothing follows the colon after the host; ${EMPTY_VALUE_HINT}`;
    if (!/^\d+$/.test(port))
        return 'its port is not a number; the template value there may be wrong';
    const number = Number(port);
    return number < 1 || number > 65_535 ? 'its port is not between 1 and 65535' : undefined;
};
const textFault = (entry) => syntaxFault(entry) ?? schemeFault(entry) ?? authorityFault(entry);
var host = __nccwpck_require__(5222);
var platform_hosts = __nccwpck_require__(2100);
;
const EXACT_HOST_ADVICE = 'Trust the exact host: take it from the deployment (`discover_domains`, or the output of the deploy step), or compute it in the workflow';
const wildcardFault = ({ hostname, reach }, { allowSharedWildcards, source }) => {
    if (source === 'deployment' && hostname.includes('*'))
        return 'it contains a wildcard, which no deployment has';
    if (reach?.kind === 'everyone') {
        const where = reach.suffix === '' ? 'on the internet' : `under ${reach.suffix}, whoever owns it`;
        const example = `https://*.my-app.${reach.suffix || 'example.com'}`;
        return `it would trust every site ${where}. Give the wildcard a part that is yours, as in ${example}`;
    }
    return reach?.kind === 'shared' && !allowSharedWildcards
        ? `anyone can register a name under ${reach.suffix} that matches this wildcard. ${EXACT_HOST_ADVICE} (platforms shorten parts over 63 characters). If the branch has no real users, \`allow_shared_wildcards: true\` accepts it`
        : undefined;
};
const headRefCutsHost = ({ text, end }, headRef = '') => {
    const { length } = headRef;
    const textAroundEnd = text.slice(Math.max(0, end - length + 1), end + length - 1);
    return length > 0 && textAroundEnd.includes(headRef);
};
const pathFault = ({ entry, url, hostname }, { headRef }) => {
    if (headRefCutsHost(entry, headRef))
        return 'the git branch name contains "/" or "#", which cuts the host short, so anyone who opens a pull request could choose the host. Build the host from the pull request number, or replace such characters in the name first';
    return !hostname.includes('.') && !(0,host .o)(hostname) && url.pathname.length > 1
        ? `its host is only "${hostname}"; a template value with a slash, such as the name of a git branch, probably cut it short`
        : undefined;
};
const loopbackFault = ({ url, hostname }, { source }) => {
    if (source === 'deployment' && (0,loopback .U)(hostname))
        return 'it is the machine that ran the deploy, not a preview. To trust it anyway, add it to `trusted_domains`';
    return url.protocol === 'http:' && !(0,loopback .U)(hostname)
        ? 'http:// can be trusted only on localhost. Use https://'
        : undefined;
};
const ownerFault = ({ url, hostname, owner }, { githubHost, source }) => {
    const platform = (0,platform_hosts .d)(hostname, githubHost);
    if (platform !== undefined) {
        const advice = source === 'deployment'
            ? 'Pass the URL of the app in `trusted_domains`'
            : 'Pass the URL of the app';
        return `${platform} is a platform's console or a code host, never the preview itself. ${advice}`;
    }
    if (!owner)
        return undefined;
    if (owner.kind !== 'none' && owner.registrable === undefined)
        return `${hostname} belongs to everyone who has a site or files there. Use the full host of the preview`;
    return owner.kind === 'none' && url.hostname.endsWith('.')
        ? `nothing follows "${url.hostname}"; the template value there was probably empty`
        : undefined;
};
const candidateFault = (candidate, context) => {
    const { hostname, entry, owner } = candidate;
    const { headRef, repository } = context;
    const names = [headRef, repository].filter((name) => name !== undefined);
    const registeredDomain = owner?.kind === 'registry' ? owner.registrable : undefined;
    return ((0,host .P)(hostname, entry, { names, registeredDomain }) ??
        loopbackFault(candidate, context) ??
        pathFault(candidate, context) ??
        ownerFault(candidate, context) ??
        wildcardFault(candidate, context));
};
const warningsOf = ({ url, hostname, reach }) => {
    const warnings = [];
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
        warnings.push(`only the origin counts: the path, query, or fragment was dropped, and everything on ${hostname} is trusted`);
    if (!hostname.includes('.') && !(0,host .o)(hostname) && !(0,loopback .U)(hostname))
        warnings.push(`"${hostname}" has no dot, so it can be reached only on a private network`);
    if (reach?.kind === 'shared')
        warnings.push(`anyone can register a name under ${reach.suffix} that matches this wildcard, and sign in to this branch from there. ${EXACT_HOST_ADVICE}`);
    return warnings;
};
const findOwnership = async (hostname) => {
    if ((0,host .o)(hostname) || (0,loopback .U)(hostname))
        return {};
    const { ownershipOf, wildcardReach } = await Promise.all( [__nccwpck_require__.e(935), __nccwpck_require__.e(405)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9786));
    return hostname.includes('*')
        ? { reach: wildcardReach(hostname) }
        : { owner: ownershipOf(hostname) };
};
const checkDomain = async (text, context) => {
    const entry = splitEntry(text);
    const entryFault = textFault(entry);
    if (entryFault !== undefined)
        return { fault: entryFault };
    const url = entryUrl(entry);
    if (!url)
        return { fault: 'this is not a URL or host name' };
    const hostname = url.hostname.replace(/\.$/, '');
    const candidate = { entry, url, hostname, ...(await findOwnership(hostname)) };
    const fault = candidateFault(candidate, context);
    if (fault !== undefined)
        return { fault };
    return {
        origin: url.origin.replace(/\.(?=(:\d+)?$)/, ''),
        warnings: warningsOf(candidate),
    };
};
;
const EMPTY = { origins: [], faults: [], warnings: [], hasGap: false };
const SEPARATOR = /,[^\S\n]*\n|[,\n]/;
const NO_DOMAIN = 'it is set but contains no domain; the template value in it, probably a step output, was empty. Check the step that sets it, or remove `trusted_domains`';
const parseDomains = async (text, context) => {
    if (text === '')
        return EMPTY;
    const entries = text
        .trim()
        .split(SEPARATOR)
        .map((entry) => entry.trim());
    const unique = [...new Set(entries.filter((entry) => entry !== ''))];
    if (unique.length === 0)
        return { ...EMPTY, faults: [NO_DOMAIN] };
    const origins = new Set();
    const faults = [];
    const warnings = [];
    for (const entry of unique) {
        const verdict = await checkDomain(entry, context);
        const quoted = `"${(0,domains_origin .Zq)(entry)}"`;
        if ('fault' in verdict) {
            faults.push(`${quoted}: ${verdict.fault}`);
            continue;
        }
        origins.add(verdict.origin);
        warnings.push(...verdict.warnings.map((warning) => `${quoted}: ${warning}`));
    }
    return { origins: [...origins], faults, warnings, hasGap: entries.includes('') };
};
;
const unusableDomainsProblem = ({ faults }) => {
    const [first = '', ...others] = faults;
    return new core_problem .A({
        what: others.length === 0
            ? `The input \`trusted_domains\`: ${first}.`
            : `${faults.length} entries of the input \`trusted_domains\` cannot be used:\n${(0,core_text .fF)(faults)}`,
        fix: 'change `trusted_domains` of this step, or the step whose output it contains; nothing was changed in Neon',
    });
};
const domainContext = (source, { pullRequest }, { env, event, inputs }) => ({
    source,
    allowSharedWildcards: inputs.allowSharedWildcards,
    headRef: pullRequest?.headRef,
    repository: event.repository,
    githubHost: URL.parse(env['GITHUB_SERVER_URL'] ?? '')?.hostname,
});
const readRequestedDomains = async (target, run) => {
    const { inputs, log } = run;
    const list = await parseDomains(inputs.trustedDomains, domainContext('workflow', target, run));
    for (const warning of list.warnings)
        log.warning(`\`trusted_domains\`: ${warning}.`);
    if (list.hasGap)
        log.info('`trusted_domains`: one entry is empty. A step output may be missing.');
    return list;
};
const assertUsable = (list) => {
    if (list.faults.length > 0)
        throw unusableDomainsProblem(list);
};
const warnAboutUnusable = ({ faults }, { log }) => {
    for (const fault of faults)
        log.warning(`\`trusted_domains\`: ${fault}.`);
};
;
const originToTrust = async (url, target, run, label = "The deployment's URL") => {
    const { log } = run;
    const verdict = await checkDomain(url, domainContext('deployment', target, run));
    const name = `${label} ${(0,domains_origin .Zq)(url)}`;
    if ('fault' in verdict) {
        log.warning(`${name} is not trusted: ${verdict.fault}. If the preview has another URL, pass it in \`trusted_domains\`.`);
        return undefined;
    }
    for (const warning of verdict.warnings)
        log.warning(`${name}: ${warning}.`);
    return verdict.origin;
};
;
const NOTHING_DISCOVERED = {
    deployed: [],
    unsettled: new Set(),
    isComplete: true,
};
const UNKNOWN = { ...NOTHING_DISCOVERED, isComplete: false };
const MAX_PER_ENVIRONMENT = 5;
const newestPerEnvironment = (deployments) => {
    const counts = new Map();
    return deployments.filter(({ environment }) => {
        const count = (counts.get(environment) ?? 0) + 1;
        counts.set(environment, count);
        return count <= MAX_PER_ENVIRONMENT;
    });
};
const readDeployments = async (github, sha, number) => {
    const mergeRef = `refs/pull/${number}/merge`;
    const [ofHead, ofMergeRef] = await Promise.all([
        listDeployments(github, { sha }),
        listDeployments(github, { ref: mergeRef }),
    ]);
    const newest = newestPerEnvironment(ofMergeRef.items.filter(({ ref }) => ref === mergeRef));
    const byId = new Map([...ofHead.items, ...newest].map((deployment) => [deployment.id, deployment]));
    const reported = await readDeploymentStatuses(github, [...byId.values()]);
    return { items: reported.items, isComplete: ofHead.isComplete && reported.isComplete };
};
const EXCLUSION_REASONS = {
    production: 'it is a production environment (name it in `deployment_environments` to include it)',
    excluded_environment: '`deployment_environments` does not include it',
    default_branch: "it deploys the repository's default branch",
    other_pull_request: 'it belongs to another pull request',
    other_commit: 'it deploys another commit',
    not_successful: 'it has not succeeded',
    no_url: 'it reports no environment_url',
    replaced: 'a newer deployment replaced it',
};
const logDeployments = ({ urls, excluded }, { log }) => {
    for (const { environment, url, creator } of urls) {
        const by = creator ? ` by ${(0,core_text .TN)(creator, 80)}` : '';
        log.info(`Deployed to ${(0,core_text .TN)(environment, 80)}${by}: ${(0,domains_origin .Zq)(url)}`);
    }
    const environmentsWithUrl = new Set(urls.map(({ environment }) => environment));
    const warned = new Set();
    for (const { deployment, reason } of excluded) {
        const { id, environment } = deployment;
        const name = (0,core_text .TN)(environment, 80);
        log.debug(`Deployment ${id} to ${name} does not count: ${EXCLUSION_REASONS[reason]}.`);
        const isExplained = environmentsWithUrl.has(environment) || warned.has(environment);
        if (reason !== 'no_url' || isExplained)
            continue;
        warned.add(environment);
        log.warning(noUrlWarning(environment));
    }
    if (urls.length === 0)
        log.info('No successful preview deployment of the head commit yet.');
};
const noUrlWarning = (environment) => `The deployment to ${(0,core_text .TN)(environment, 80)} succeeded but reports no environment_url, so its domain is unknown. Set the environment's \`url\` in the deploying job, or pass the domain in \`trusted_domains\`.`;
const toDomains = async ({ urls }, sha, target, run) => {
    const deployed = [];
    for (const { environment, url } of urls) {
        const origin = await originToTrust(url, target, run);
        if (origin !== undefined)
            deployed.push({ environment, origin, sha });
    }
    return deployed;
};
const discoverForHead = async (github, pull, target, run) => {
    const { event, inputs, log } = run;
    const warning = 'The deployments of the head commit could not be read';
    const deployments = await bestEffort(warning, run, () => readDeployments(github, pull.headSha, pull.number));
    if (!deployments)
        return UNKNOWN;
    if (!deployments.isComplete)
        log.warning('GitHub lists more deployments or statuses than this run reads.');
    const selected = selectDeployments(deployments.items, pull, {
        defaultBranch: event.defaultBranch,
        environments: inputs.deploymentEnvironments,
    });
    logDeployments(selected, run);
    const deployed = await toDomains(selected, pull.headSha, target, run);
    return { deployed, unsettled: selected.unsettled, isComplete: deployments.isComplete };
};
const discoverDomains = async (target, run) => {
    const { github, inputs, log } = run;
    if (!inputs.discoverDomains)
        return NOTHING_DISCOVERED;
    if (!github) {
        warnNoToken('discover_domains', run);
        return UNKNOWN;
    }
    const { pullRequest: pull } = target;
    if (pull?.headSha === undefined) {
        log.warning('`discover_domains`: the head commit of the pull request is not known, so the run did not look for deployments.');
        return UNKNOWN;
    }
    return discoverForHead(github, { ...pull, headSha: pull.headSha }, target, run);
};
;
const withTrustedOrigins = (domains, origins) => ({
    ...domains,
    trusted: [...new Set([...domains.trusted, ...origins])],
});
const NO_DOMAINS = { ...NOTHING_DISCOVERED, trusted: [] };
const eventDomains = async (target, run) => {
    const { deployment } = target;
    if (!deployment)
        return { origins: [], isComplete: true };
    if (deployment.url === undefined) {
        run.log.warning(noUrlWarning(deployment.environment));
        return { origins: [], isComplete: false };
    }
    const origin = await originToTrust(deployment.url, target, run);
    return { origins: origin === undefined ? [] : [origin], isComplete: true };
};
const warnIfDomainsUnknown = ({ isComplete }, { inputs, log }) => {
    if (isComplete)
        return;
    if (inputs.pruneDomains || inputs.isolate || inputs.comment)
        log.warning("This run removes no trusted domain, because the pull request's deployments are not fully known.");
};
const collectDomains = async (target, requested, run) => {
    const discovered = await discoverDomains(target, run);
    const sources = [
        { origins: requested.origins, isComplete: true },
        await eventDomains(target, run),
        { ...discovered, origins: discovered.deployed.map(({ origin }) => origin) },
    ];
    const trusted = [...new Set(sources.flatMap(({ origins }) => origins))];
    for (const domain of trusted) {
        const alias = (0,per_build .w)(domain);
        if (alias)
            run.log.warning(`${domain} is the host of one build; trust the stable alias instead (${alias}).`);
    }
    return { ...discovered, trusted, isComplete: sources.every(({ isComplete }) => isComplete) };
};
const canPrune = ({ trusted }, { hasGap }, { inputs, log }) => {
    if (!inputs.pruneDomains) {
        if (trusted.length === 0)
            log.info('No domain to trust: `trusted_domains` is empty. Sign-in works only from trusted domains.');
        return false;
    }
    if (trusted.length > 0 && !hasGap)
        return true;
    log.warning(trusted.length === 0
        ? '`prune_domains` removed nothing, because this run received no domain: a step output in `trusted_domains` may be unset.'
        : '`prune_domains` removed nothing, because an entry of `trusted_domains` is empty: a step output in it may be unset.');
    return false;
};
;
const attributed = new WeakSet();
const withoutValues = (change) => 'set' in change ? { ...change, set: Object.keys(change.set).sort() } : change;
const isSettled = (earlier, later) => (0,external_node_util_.isDeepStrictEqual)(withoutValues(earlier), withoutValues(later));
const trackChange = async ({ inFlight }, change, work) => {
    inFlight.add(change);
    try {
        const result = await work();
        for (const earlier of inFlight)
            if (isSettled(earlier, change))
                inFlight.delete(earlier);
        return result;
    }
    catch (error) {
        const lost = (0,lost_writes .vy)(error);
        const isUncertain = lost !== undefined && !attributed.has(lost);
        if (isUncertain)
            attributed.add(lost);
        if (!(error instanceof core_deadline .ft) && !isUncertain)
            inFlight.delete(change);
        throw error;
    }
};
;
const selectBranch = (branch, { journal, log }) => {
    journal.branch = branch;
    log.info(`Branch: ${branch.name} (${branch.id})`);
};
const track = async (change, work, { deadline, journal }) => {
    if (deadline.signal.aborted)
        throw deadline.abortError('it was between two changes');
    return trackChange(journal, change, work);
};
const keepKeys = (neon, journal) => ({
    ...neon,
    async createAuth(...args) {
        const result = await neon.createAuth(...args);
        if ('created' in result)
            journal.created = result.created;
        return result;
    },
});
const changeContext = (branch, preconditions, run, assertKnownOpen = async () => { }) => ({
    neon: keepKeys(run.neon.confirming(preconditions.beforeWrite), run.journal),
    http: run.http,
    branch,
    deadline: run.deadline,
    log: run.log,
    preconditions,
    onOrphanSchema: run.inputs.onOrphanSchema,
    allowProtected: run.inputs.allowProtected,
    sharedOauth: run.inputs.oauth === 'shared',
    runId: run.env['GITHUB_RUN_ID'] || 'local',
    assertKnownOpen,
    track: (change, work) => track(change, work, run),
    record: (change) => recordApplied(run.journal, change),
});
;
const warnUsersRemain = (error, { log }) => log.warning(`The test users that runs of this pull request created were not deleted: ${(0,core_problem .b)(error)}`);
const listCreatedUsers = async (prNumber, context) => {
    const { findCreatedUsers } = await __nccwpck_require__.e(  821).then(__nccwpck_require__.bind(__nccwpck_require__, 4821));
    try {
        return await findCreatedUsers(prNumber, context);
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        warnUsersRemain(error, context);
        return [];
    }
};
const deleteCreatedUsers = async (prNumber, context, run) => {
    const ids = await listCreatedUsers(prNumber, { ...run, ...context });
    try {
        await deleteUsers(ids, context);
    }
    catch (error) {
        const isFatal = error instanceof core_deadline .ft || error instanceof BranchGone;
        if (isFatal || !(error instanceof core_problem .A))
            throw error;
        warnUsersRemain(error, context);
    }
};
;
const readPullRequests = async (github, fetchPage) => {
    const { items, isComplete } = await readPages(github, PULLS, fetchPage);
    return { items: items.map((pull) => toPullRequest(pull.number, pull)), isComplete };
};
const listPullRequestsOfCommit = (github, sha) => readPullRequests(github, (octokit, options) => octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...options, commit_sha: sha }));
const listOpenPullRequests = (github) => readPullRequests(github, (octokit, options) => octokit.rest.pulls.list({ ...options, state: 'open' }));
;
const deploymentsOfOthers = (deployments, { open, number, defaultBranch }) => {
    const others = open.filter((pull) => pull.number !== number);
    return deployments.filter(({ ref, sha }) => {
        if (isDefaultBranch(ref, defaultBranch))
            return true;
        const refNumber = pullRequestOfRef(ref);
        const branch = gitBranchOf(ref);
        return others.some((pull) => pull.number === refNumber ||
            (sha !== undefined && pull.headSha === sha) ||
            (branch !== undefined && pull.isSameRepository && pull.headRef === branch));
    });
};
const successfulOrigins = (deployments) => new Set(deployments.flatMap(({ statuses }) => statuses.flatMap(({ state, url }) => state === 'success' && url !== undefined ? [(0,domains_origin .yv)(url)] : [])));
;
const readSharedOrigins = async (github, environments, number, defaultBranch) => {
    const [openPulls, ...lists] = await Promise.all([
        listOpenPullRequests(github),
        ...environments.map((environment) => listDeployments(github, { environment })),
    ]);
    const deployments = lists.flatMap(({ items }) => items);
    const others = deploymentsOfOthers(deployments, {
        open: openPulls.items,
        number,
        defaultBranch,
    });
    const reported = await readDeploymentStatuses(github, others);
    if ([openPulls, reported, ...lists].every(({ isComplete }) => isComplete))
        return successfulOrigins(reported.items);
    throw new Error('GitHub lists more deployments or pull requests than this run reads');
};
const findExclusiveOrigins = async (domains, { prNumber }, run) => {
    const { github, event, log } = run;
    if (domains.length === 0 || !github || prNumber === undefined)
        return [];
    const environments = [...new Set(domains.map(({ environment }) => environment))];
    const warning = 'Deployed domains stay trusted, because the run does not know whether others use them';
    const shared = await bestEffort(warning, run, () => readSharedOrigins(github, environments, prNumber, event.defaultBranch));
    if (!shared)
        return [];
    const origins = [...new Set(domains.map(({ origin }) => origin))];
    for (const origin of origins.filter((candidate) => shared.has(candidate)))
        log.info(`${origin} stays trusted: other open pull requests or the default branch use it.`);
    return origins.filter((origin) => !shared.has(origin));
};
;
const lookUpPullRequest = async ({ prNumber }, run) => prNumber === undefined || !run.github
    ? undefined
    : fetchPullRequestOrWarn(run.github, prNumber, run.log);
const isClosed = async (target, run) => (await lookUpPullRequest(target, run))?.state === 'closed';
const assertOpen = async (target, run) => {
    const pull = await lookUpPullRequest(target, run);
    if (pull?.state === 'closed')
        throw new PullRequestClosed();
    return pull !== undefined;
};
const readStateForRemoval = async (number, expected, { github }) => {
    const what = `The run stopped: it could not confirm that pull request #${number} is still ${expected}.`;
    const fix = 'pass `github_token`, give the job `permissions: pull-requests: read`, and run it again';
    if (!github)
        throw new core_problem .A({ what, fix });
    try {
        return (await fetchPullRequest(github, number)).state;
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        throw new core_problem .A({ what, response: `GitHub: ${error.message}`, fix, cause: error });
    }
};
const assertKnownOpen = async ({ prNumber }, run) => {
    if (prNumber === undefined)
        return;
    if ((await readStateForRemoval(prNumber, 'open', run)) === 'closed')
        throw new PullRequestClosed();
};
const assertNotReopened = async (target, run) => {
    if ((await lookUpPullRequest(target, run))?.state === 'open')
        throw new PullRequestReopened();
};
const assertKnownClosed = async (number, run) => {
    if ((await readStateForRemoval(number, 'closed', run)) === 'open')
        throw new PullRequestReopened();
};
;
const hasBranchOrHeadRef = ({ branch, pullRequest }) => branch !== undefined || pullRequest !== undefined;
const withHeadCommit = async (target, run) => {
    if (!run.inputs.discoverDomains || target.pullRequest?.headSha)
        return target;
    const pullRequest = await lookUpPullRequest(target, run);
    return pullRequest ? { ...target, pullRequest } : target;
};
const NO_TOKEN = 'There is no `github_token`, so the run cannot call the GitHub API.';
const notAPullRequestProblem = (number) => new core_problem .A({
    what: `GitHub knows no pull request #${number} in this repository.`,
    why: 'the number belongs to an issue, or to a pull request of another repository',
    fix: 'pass the number of a pull request as `pr_number`',
});
const lookUpByNumber = async (number, { github }) => {
    if (!github)
        return { failure: NO_TOKEN };
    try {
        return { pull: await fetchPullRequest(github, number) };
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        if (error.status === 404)
            throw notAPullRequestProblem(number);
        return { failure: `GitHub: ${error.message}` };
    }
};
const toSearch = ({ branch, pullRequest, prNumber = 0 }, fetched, { event }) => {
    if (branch !== undefined)
        return { named: branch };
    const numberOnly = { number: prNumber, isSameRepository: false };
    return { pull: pullRequest ?? fetched ?? numberOnly, repository: event.repository };
};
const findOnce = (search, run) => findBranch(search, run, 'named' in search ? { search: search.named } : {});
const headUnknownProblem = (number, failure) => new core_problem .A({
    what: `Nothing was changed: the branch of pull request #${number} could not be determined, because its head ref is unknown.`,
    response: failure,
    why: 'the run knows only the number, and the branch may be named after the head ref',
    fix: 'give the job `permissions: pull-requests: read` and pass `github_token`, or set `branch` to the branch of the pull request',
});
const hasOtherCandidates = ({ owned, listed }, number) => listed.some(({ id, name }) => {
    const claim = parseBranchName(name);
    return id !== owned?.branch.id && claim?.by === 'number' && claim.number === number;
});
const isUnambiguous = (found, number) => found.owned?.by === 'annotation' ||
    (found.owned !== undefined && !hasOtherCandidates(found, number));
const locate = async (target, run) => {
    const { prNumber } = target;
    const needsLookup = !hasBranchOrHeadRef(target) && prNumber !== undefined;
    const lookup = needsLookup ? await lookUpByNumber(prNumber, run) : {};
    const pull = target.pullRequest ?? lookup.pull;
    const search = toSearch(target, lookup.pull, run);
    const found = await findOnce(search, run);
    if (lookup.failure !== undefined && prNumber !== undefined && !isUnambiguous(found, prNumber))
        throw headUnknownProblem(prNumber, lookup.failure);
    return { search, found, ...(pull && { pull }) };
};
const locateExisting = async (target, run) => {
    const { search, found } = await locate(target, run);
    if (!found.owned) {
        const { branches } = await listAllBranches(run.neon);
        throw missingBranchProblem(search, { ...found, listed: branches });
    }
    const { branch } = found.owned;
    selectBranch(branch, run);
    return branch;
};
const locateForEnabling = async (target, run) => {
    const isIdentified = hasBranchOrHeadRef(target);
    const lookup = isIdentified ? undefined : lookUpPullRequest(target, run);
    const lookedUp = await lookup;
    if (lookedUp?.state === 'closed')
        return undefined;
    const search = toSearch(target, lookedUp, run);
    const searching = findOnce(search, run);
    searching.catch(() => { });
    const pull = await (lookup ?? lookUpPullRequest(target, run));
    if (pull?.state === 'closed')
        return undefined;
    const found = await searching;
    const isHeadUnknown = !pull && !isIdentified;
    if (isHeadUnknown && found.owned && !isUnambiguous(found, target.prNumber ?? 0))
        throw headUnknownProblem(target.prNumber ?? 0, run.github ? 'The request to GitHub failed. See the warning.' : NO_TOKEN);
    return found.owned ?? waitForBranch(search, run, () => isClosed(target, run));
};
;
const write_comment_PERMISSION = 'pull-requests: write';
const commentsForBranch = (comments, { id, name }) => {
    const matching = comments.filter(({ record: { branch } }) => branch?.id === id || branch?.name === name);
    return matching.length > 0 ? matching : comments.filter(({ record }) => !record.branch);
};
const commentsForGone = (comments, input) => {
    const branches = new Set(comments.map(({ record }) => record.branch?.name));
    if (input === undefined)
        return branches.size === 1 ? comments : [];
    return commentsForBranch(comments, { id: input, name: input });
};
const findBranchComment = (comments, subject) => {
    const [oldest, ...others] = 'gone' in subject
        ? commentsForGone(comments, subject.gone)
        : commentsForBranch(comments, subject);
    if (!oldest)
        return undefined;
    const record = [oldest, ...others]
        .map((comment) => comment.record)
        .reduce((newest, next) => (isOlder(newest, next) ? next : newest));
    return { id: oldest.id, record, duplicates: others.map(({ id }) => id) };
};
const findComment = async (own, { number, subject }) => findBranchComment(await own.list(number), subject);
const isNotFound = (error) => error instanceof GitHubError && error.status === 404;
const expectCommentId = (data) => {
    if (typeof data?.id !== 'number')
        throw new UnusableResponseError('its response names no comment');
    return data.id;
};
const patchComment = (github, id, body) => github.call(write_comment_PERMISSION, async (octokit, options) => {
    const update = { ...options, comment_id: id, body };
    return expectCommentId((await octokit.rest.issues.updateComment(update)).data);
});
const deleteComment = async (github, id) => {
    try {
        await github.call(write_comment_PERMISSION, (octokit, options) => octokit.rest.issues.deleteComment({ ...options, comment_id: id }));
    }
    catch (error) {
        if (!isNotFound(error))
            throw error;
    }
};
const renderBody = ({ projectId }, { markdown }, record) => commentBody(projectId, record, markdown);
const updateExisting = async (own, update) => {
    const found = await findComment(own, update);
    if (!found)
        return undefined;
    const record = update.recordAfter(found.record);
    if (isOlder(record, found.record))
        return 'newer';
    await patchComment(own.github, found.id, renderBody(own, update, record));
    for (const id of found.duplicates)
        await deleteComment(own.github, id);
    return 'written';
};
const updateExistingOrReread = async (own, update) => {
    try {
        return await updateExisting(own, update);
    }
    catch (error) {
        if (!isNotFound(error))
            throw error;
        own.forget(update.number);
        return updateExisting(own, update);
    }
};
const createComment = (github, number, body) => github.call(write_comment_PERMISSION, async (octokit, options) => {
    const comment = { ...options, issue_number: number, body };
    return expectCommentId((await octokit.rest.issues.createComment(comment)).data);
}, { attempts: 1 });
const mergeDuplicates = async (own, update, { id, record }) => {
    const found = await findComment(own, update);
    if (!found?.duplicates.includes(id))
        return 'written';
    const isNewest = !isOlder(record, found.record);
    if (isNewest)
        await patchComment(own.github, found.id, renderBody(own, update, record));
    await deleteComment(own.github, id);
    return isNewest ? 'written' : 'newer';
};
const writeComment = async (own, update) => {
    const replaced = await updateExistingOrReread(own, update);
    if (replaced)
        return replaced;
    if (!update.createIfMissing)
        return 'none';
    const record = update.recordAfter(undefined);
    const create = () => createComment(own.github, update.number, renderBody(own, update, record));
    let id;
    try {
        id = await create();
    }
    catch (error) {
        if (!(error instanceof GitHubError && error.isLost))
            throw error;
        const written = await updateExistingOrReread(own, update);
        if (written)
            return written;
        id = await create();
    }
    return mergeDuplicates(own, update, { id, record });
};
;
const isFormer = ({ deployed, unsettled }) => ({ environment, origin, sha }) => {
    const isReplaced = deployed.some((current) => current.environment === environment);
    if (!isReplaced || unsettled.has(environment))
        return false;
    return !deployed.some((current) => current.sha === sha || current.origin === origin);
};
const isNewerAndComplete = (current, record) => current.isComplete && !isOlder(current, record);
const formerDomains = (record, current) => {
    if (!record || !isNewerAndComplete(current, record))
        return [];
    const former = record.deployed.filter(isFormer(current));
    const kept = record.deployed.filter((domain) => !former.includes(domain));
    return former.filter(({ origin }) => !kept.some((domain) => domain.origin === origin));
};
const recordedDomains = (record, current, trusted) => {
    const trustedOrigins = trusted && new Set(trusted.map(domains_origin .yv));
    const isCurrent = (domain) => current.deployed.some(({ environment, origin }) => environment === domain.environment && origin === domain.origin);
    const earlier = (record?.deployed ?? []).filter((domain) => !isCurrent(domain) && (trustedOrigins?.has(domain.origin) ?? true));
    return [...earlier, ...current.deployed];
};
;
const SERVER = /^https?:\/\/[a-z\d.-]+(?::\d+)?$/i;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const NUMBER = /^\d+$/;
const runUrl = (env) => {
    const server = env['GITHUB_SERVER_URL'] ?? '';
    const repository = env['GITHUB_REPOSITORY'] ?? '';
    const id = env['GITHUB_RUN_ID'] ?? '';
    if (!SERVER.test(server) || !REPOSITORY.test(repository) || !NUMBER.test(id))
        return undefined;
    const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '';
    const suffix = NUMBER.test(attempt) ? `/attempts/${attempt}` : '';
    return `${server}/${repository}/actions/runs/${id}${suffix}`;
};
const runStamp = (env, now) => {
    const url = runUrl(env);
    const time = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    return `Updated ${time}${url ? ` by [run ${env['GITHUB_RUN_ID']}](${url})` : ''}`;
};
;
const consoleUrl = (branchId, projectId) => `https://console.neon.tech/app/projects/${encodeURIComponent(projectId)}/branches/${encodeURIComponent(branchId)}`;
const footerOf = (branch, { env, projectId }) => {
    const stamp = runStamp(env, new Date());
    return branch ? `${stamp} \u00b7 [Neon Console](${consoleUrl(branch.id, projectId)})` : stamp;
};
const commentText = (report, source) => renderSummary(report, [], footerOf(report.branch, source));
const failureCommentText = (message, journal, source) => failureSummary(message, journal, [], footerOf(journal.branch, source));
;
const runAttempt = ({ env }) => ({
    run: Number(env['GITHUB_RUN_ID']) || 0,
    attempt: Number(env['GITHUB_RUN_ATTEMPT']) || 0,
});
const currentDeployments = ({ deployed, unsettled, isComplete }, run) => ({ ...runAttempt(run), deployed, unsettled, isComplete });
const readEarlierComments = async ({ prNumber }, run) => {
    const { inputs, ownComments } = run;
    if (!inputs.comment || prNumber === undefined || !ownComments)
        return [];
    const read = () => ownComments.list(prNumber);
    return (await bestEffort('The comment could not be read', run, read)) ?? [];
};
const recordFor = (comments, branch) => findBranchComment(comments, branch)?.record;
const sourceOf = ({ env, neon }) => ({ env, projectId: neon.projectId });
const withTimeoutAsError = async (write) => {
    try {
        return await write();
    }
    catch (error) {
        if (!(error instanceof core_deadline .ft) || error instanceof core_deadline .HF)
            throw error;
        throw new Error(error.message, { cause: error });
    }
};
const CREATES_COMMENT = {
    enabled: true,
    updated: true,
    unchanged: true,
    disabled: true,
    untrusted: true,
    kept: false,
    already_gone: false,
    skipped: false,
    planned: false,
    swept: false,
    status: false,
};
const canComment = ({ prNumber }, { inputs }) => inputs.comment && !inputs.dryRun && prNumber !== undefined;
const writeBranchComment = async ({ branch, markdown, deployed, createIfMissing }, { prNumber = 0, branch: requested }, ownComments, run) => {
    const subject = branch
        ? { id: branch.id, name: branch.name }
        : { gone: requested };
    const update = {
        number: prNumber,
        subject,
        markdown,
        recordAfter: (before) => {
            const recorded = 'gone' in subject ? before?.branch : subject;
            return {
                ...runAttempt(run),
                ...(recorded && { branch: recorded }),
                deployed: deployed(before),
            };
        },
        createIfMissing,
    };
    const send = () => withTimeoutAsError(() => writeComment(ownComments, update));
    const result = await bestEffort('The comment could not be written', run, send);
    if (result === 'newer')
        run.log.info('A newer run has written the comment, so this run does not change it.');
};
const updateComment = async (report, target, domains, run) => {
    if (!canComment(target, run))
        return;
    if (!run.ownComments) {
        warnNoToken('comment', run);
        return;
    }
    const { branch, action, diagnosis } = report;
    const current = currentDeployments(domains, run);
    const comment = {
        branch,
        markdown: commentText(report, sourceOf(run)),
        deployed: (before) => recordedDomains(before, current, report.auth && report.trustedDomains),
        createIfMissing: CREATES_COMMENT[action] || diagnosis !== undefined,
    };
    await writeBranchComment(comment, target, run.ownComments, run);
};
const commentFailure = async (error, target, run) => {
    const { ownComments, journal } = run;
    if (!canComment(target, run) || !ownComments)
        return;
    const { branch } = journal;
    const message = describeFailure((0,neon_errors .H8)(error, 'This run failed.'));
    const comment = {
        branch,
        markdown: failureCommentText(message, journal, sourceOf(run)),
        deployed: (before) => before?.deployed ?? [],
        createIfMissing: branch !== undefined,
    };
    await writeBranchComment(comment, target, ownComments, run);
};
const isReportable = (error) => !(error instanceof PullRequestClosed ||
    error instanceof PullRequestReopened ||
    error instanceof core_deadline .ft);
const withFailureComment = async (target, run, work) => {
    try {
        return await work();
    }
    catch (error) {
        if (isReportable(error))
            await commentFailure(error, target, run);
        throw error;
    }
};
;
const MAYBE_ID = /^br-[a-z0-9-]+$/;
const readEarly = ({ branch: id }, { deadline }, read) => {
    if (id === undefined || !MAYBE_ID.test(id))
        return async () => undefined;
    const since = markRead(deadline);
    const reading = read({ id, name: id }).catch(() => undefined);
    return async (branch) => {
        const state = await reading;
        const isUsable = state !== undefined && branch.id === id && isRecent(since, deadline);
        return isUsable ? { state, since } : undefined;
    };
};
;
const hostOf = (url) => URL.parse(url ?? '')?.host ?? 'an unknown receiver';
const ownOauthProviders = (providers = []) => providers.filter(({ type }) => type === 'standard').map(({ id }) => id);
const inheritedRisks = (stored, settings, baseUrl) => {
    const { plugins, webhook } = stored;
    const email = plugins.email_provider;
    const providers = ownOauthProviders(plugins.oauth_providers).filter((id) => !(id in (settings.oauth_providers ?? {})));
    return [
        ...(webhook.enabled && !settings.webhook
            ? [`its webhook sends this preview's events to ${hostOf(webhook.webhook_url)}`]
            : []),
        ...(email?.type === 'standard' && !settings.email_provider
            ? [`its emails go out to real people through ${email.host ?? 'an SMTP server'}`]
            : []),
        ...providers.map((id) => `sign-in with ${id} does not work here until ${(0,client .$)(baseUrl, id)} is registered with ${id}`),
    ];
};
;
const skipReport = ({ reason, why }, log, applied = []) => {
    log.notice(`Neon Auth was skipped: ${why}.`);
    return { action: 'skipped', changes: applied, skipped: { reason, why } };
};
const planReport = (changes, branch, log) => {
    for (const change of changes)
        log.info(`Would: ${sentence(change)}`);
    return { action: 'planned', branch, changes };
};
const authReport = ({ integration, settings, trustedDomains }, urls) => ({
    auth: {
        ...urls,
        integration,
        oauthProviders: (settings?.plugins.oauth_providers ?? []).map(({ id }) => id),
        ownOauthProviders: ownOauthProviders(settings?.plugins.oauth_providers),
    },
    trustedDomains,
});
;
const warnAboutUndeleted = async (branch, run) => {
    const { onOrphanSchema, deleteData, database } = run.inputs;
    if (onOrphanSchema !== 'restore' || !deleteData)
        return;
    for (const sentence of await describeUnfinishedRestores({ ...run, branch }, database))
        run.log.warning(`\`delete_data\` deletes only the schema neon_auth. ${sentence}`);
};
;
const NO_BRANCH = "This run's Neon branch does not exist, so there is nothing to close.";
const MAX_ATTEMPTS = 3;
const REOPEN_EFFECTS = {
    fail: 'If the pull request is reopened, Neon refuses to enable auth over that schema, and the run fails with instructions: see `on_orphan_schema` and `delete_data`.',
    recreate: 'If the pull request is reopened, `on_orphan_schema: recreate` deletes that data for good and enables auth without it.',
    restore: 'If the pull request is reopened, `on_orphan_schema: restore` (experimental) enables auth and brings that data back.',
};
const closeNote = ({ action }, { onClose, deleteData, trustedDomains }, { onOrphanSchema }) => {
    if (onClose === 'untrust') {
        if (action === 'already_gone')
            return 'Auth was already off.';
        return trustedDomains.length === 0
            ? 'No domain was removed: this run found none that only this pull request uses. See `trusted_domains`.'
            : '';
    }
    if (action === 'already_gone') {
        const mayRemain = 'If an earlier close kept the data, it is still in the schema neon_auth.';
        return deleteData
            ? `Auth was already off, so the run did not touch its data. ${mayRemain} To remove it, delete the branch or run DROP SCHEMA neon_auth CASCADE. ${REOPEN_EFFECTS[onOrphanSchema]}`
            : `${mayRemain} ${REOPEN_EFFECTS[onOrphanSchema]}`;
    }
    return deleteData
        ? 'If the pull request is reopened, auth is enabled without the deleted users.'
        : `Its data is kept in the schema neon_auth. ${REOPEN_EFFECTS[onOrphanSchema]}`;
};
const desiredClose = ({ deleteData, onClose }, trustedDomains) => ({
    onClose: onClose === 'untrust' ? 'untrust' : 'disable',
    deleteData,
    trustedDomains,
});
const confirmsFirstWrite = ({ target, owned, isFirstAttempt }) => target.pullRequest?.state === 'closed' && isFirstAttempt && !isShared(owned);
const readCloseScope = ({ target, located, owned }, { github }) => closeScope(owned, { number: target.prNumber, ...located.pull }, github);
class BranchShared extends Error {
}
const closingPreconditions = (closing, scope, known, run) => {
    const { pull } = closing.located;
    const { branch } = closing.owned;
    const assertOwnersClosed = async (isFirstWrite) => {
        const isConfirmedByEvent = isFirstWrite && confirmsFirstWrite(closing);
        if (pull?.state === 'closed') {
            if (!isConfirmedByEvent)
                await assertKnownClosed(pull.number, run);
            else if (closing.isAfterUsers)
                await assertNotReopened(closing.target, run);
        }
        if (scope.scope !== 'branch')
            return;
        const current = await readCloseScope(closing, run);
        if (current.scope === 'domains')
            throw new BranchShared(current.why);
    };
    const read = async (isFirstWrite) => {
        await Promise.all([
            confirmBranch(run.neon, branch, run.inputs.allowProtected),
            assertOwnersClosed(isFirstWrite),
        ]);
    };
    return createPreconditions(read, run.deadline, known);
};
const readsBeforeRemoval = ({ comment, discoverDomains, e2eSession, onClose }) => comment || e2eSession === true || (onClose === 'untrust' && discoverDomains);
const observeEarly = (target, run) => {
    if (readsBeforeRemoval(run.inputs))
        return async () => undefined;
    const { onClose } = desiredClose(run.inputs, []);
    return readEarly(target, run, (branch) => observeForClose(run.neon, branch, onClose));
};
const knownState = async (closing) => confirmsFirstWrite(closing) ? closing.getEarlyState(closing.owned.branch) : undefined;
const requestedForClose = async (target, run) => {
    const requested = await readRequestedDomains(target, run);
    if (run.inputs.onClose === 'untrust')
        assertUsable(requested);
    else
        warnAboutUnusable(requested, run);
    return requested;
};
const domainsToRemove = async (target, record, run) => {
    const requested = await requestedForClose(target, run);
    const domains = await collectDomains(target, requested, run);
    const deployed = [...domains.deployed, ...(record?.deployed ?? [])];
    const exclusive = await findExclusiveOrigins(deployed, target, run);
    return { domains, remove: [...requested.origins, ...exclusive] };
};
const deletesCreatedUsers = ({ onClose, deleteData }, { e2eSession }) => e2eSession === true && !(onClose === 'disable' && deleteData);
const closeBranch = async (closing, scope, earlier, run) => {
    const { inputs, log, neon, journal } = run;
    const { target, owned } = closing;
    const { branch } = owned;
    const onClose = scope.scope === 'domains' ? 'untrust' : inputs.onClose;
    const scopeNote = scope.scope === 'domains'
        ? `Only this pull request's domains are removed, because ${scope.why}.`
        : '';
    if (scopeNote)
        log.notice(scopeNote);
    const { domains, remove } = onClose === 'untrust'
        ? await domainsToRemove(target, recordFor(earlier, branch), run)
        : { domains: NO_DOMAINS, remove: [] };
    const desired = desiredClose({ ...inputs, onClose }, remove);
    const deletesUsers = deletesCreatedUsers(desired, inputs);
    if (inputs.dryRun) {
        const { state } = await observeForClose(neon, branch, desired.onClose);
        const ids = deletesUsers ? await listCreatedUsers(target.prNumber, { ...run, branch }) : [];
        const deletions = ids.map((id) => ({ change: 'delete_user', id }));
        const report = planReport([...deletions, ...planClose(desired, state)], branch, log);
        return { report, domains };
    }
    const createContext = (isAfterUsers, preconditions) => changeContext(branch, closingPreconditions({ ...closing, isAfterUsers }, scope, preconditions, run), run);
    if (deletesUsers)
        await deleteCreatedUsers(target.prNumber, createContext(false), run);
    const known = await knownState(closing);
    const context = createContext(deletesUsers, known && { since: known.since, mayRemove: true });
    const closed = await turnOffAuth(desired, context, known);
    if (desired.onClose === 'disable')
        await warnAboutUndeleted(branch, run);
    const resultNote = closeNote(closed, desired, inputs);
    if (resultNote)
        log.info(resultNote);
    const note = [scopeNote, resultNote].filter(Boolean).join(' ');
    const report = { ...closed, branch, changes: journal.applied, ...(note && { note }) };
    return { report, domains };
};
const nothingToClose = async ({ search, found }, target, run) => {
    const { log } = run;
    if (found.undecided)
        throw undecidedProblem(found.undecided);
    log.info(NO_BRANCH);
    if (found.listed.length > 0)
        log.warning(`${NO_BRANCH} If the preview has a branch under another name, its auth may still be on. Set \`branch\` to that name.\n${describeSearch(search, found)}`);
    const report = { action: 'already_gone', changes: [], note: NO_BRANCH };
    await updateComment(report, target, NO_DOMAINS, run);
    return report;
};
const closeLocated = async (attempt, earlier, run) => {
    const { target, located } = attempt;
    const { owned } = located.found;
    if (!owned)
        return nothingToClose(located, target, run);
    guardBranch(owned.branch, run.inputs.allowProtected);
    selectBranch(owned.branch, run);
    const closing = { ...attempt, owned };
    const close = (scope) => closeBranch(closing, scope, earlier, run);
    const scope = await readCloseScope(closing, run);
    const { report, domains } = await close(scope).catch((error) => {
        if (!(error instanceof BranchShared))
            throw error;
        return close({ scope: 'domains', why: error.message });
    });
    await updateComment(report, target, domains, run);
    return report;
};
const closeTarget = async (target, run) => {
    for (let attempt = 1;; attempt++) {
        const locating = locate(target, run);
        const getEarlyState = observeEarly(target, run);
        const [located, earlier] = await Promise.all([locating, readEarlierComments(target, run)]);
        try {
            return await closeLocated({ target, located, isFirstAttempt: attempt === 1, getEarlyState }, earlier, run);
        }
        catch (error) {
            if (!(error instanceof BranchGone) || attempt === MAX_ATTEMPTS)
                throw error;
        }
    }
};
const closeRun = async (intent, run) => {
    const { inputs, log, journal } = run;
    if (inputs.deleteData && inputs.onClose === 'untrust') {
        log.warning('`delete_data` has no effect with `on_close: untrust`, because auth stays on.');
    }
    const target = await withHeadCommit(intent.target, run);
    try {
        return await withFailureComment(target, run, () => closeTarget(target, run));
    }
    catch (error) {
        if (!(error instanceof PullRequestReopened))
            throw error;
        return skipReport(skipReopened(target), log, journal.applied);
    }
};
var observations = __nccwpck_require__(360);
;
const readItems = async (readPage) => (await readCursorPages(readPage)).flatMap(({ items }) => items);
const belongsToAnotherBranch = (url, branchId) => {
    const dnsLabel = URL.parse(url)?.hostname.split('.')[0] ?? '';
    return dnsLabel.startsWith('br-') && !dnsLabel.startsWith(`${branchId}-`);
};
const functionUrls = (functions, branch, { log }) => functions.flatMap(({ slug, invocationUrl: url }) => {
    const name = `The function ${(0,core_text .TN)(slug, 80)}`;
    if (url === undefined) {
        log.warning(`${name} has no invocation URL, so \`discover_functions\` skips it.`);
        return [];
    }
    if (!belongsToAnotherBranch(url, branch.id))
        return [{ label: `${name} at`, url }];
    log.warning(`${name} runs on another branch, so \`discover_functions\` skips it.`);
    return [];
});
const domainUrls = (domains, { log }) => domains
    .filter(({ entityType }) => entityType === 'function')
    .flatMap(({ domain, status = 'unknown', statusReason }) => {
    const host = (0,core_text .TN)(domain, 200);
    if (status === 'active')
        return [{ label: 'The custom domain', url: `https://${domain}` }];
    const why = statusReason === undefined ? status : `${status}, ${statusReason}`;
    log.warning(`The custom domain ${host} is not active (${(0,core_text .TN)(why, 100)}), so \`discover_functions\` skips it.`);
    return [];
});
const discoverFunctions = async (branch, target, run) => {
    const { inputs, log, neon } = run;
    if (!inputs.discoverFunctions)
        return [];
    const what = `Could not read the Neon Functions and custom domains of branch ${branch.name} (${branch.id}), which \`discover_functions\` needs.`;
    const [functions, domains] = await (0,neon_errors .eQ)(what, () => Promise.all([
        readItems((cursor) => neon.listFunctions(branch.id, cursor)),
        readItems((cursor) => neon.listCustomDomains(branch.id, cursor)),
    ]));
    if (functions.length === 0)
        log.warning('The branch has no Neon Function yet, so `discover_functions` finds no invocation URL. Run this step after the deploy.');
    const origins = new Set();
    const urls = [...functionUrls(functions, branch, run), ...domainUrls(domains, run)];
    for (const { label, url } of urls) {
        const origin = await originToTrust(url, target, run, label);
        if (origin === undefined)
            continue;
        log.info(`${label} ${origin} belongs to this branch.`);
        origins.add(origin);
    }
    return [...origins];
};
;
const readPreviews = async (target, run) => {
    const requested = await readRequestedDomains(target, run);
    const { trusted, isComplete } = await collectDomains(target, requested, run);
    return { origins: trusted, isComplete, unusable: requested.faults };
};
const authState = ({ auth }) => {
    const integration = (0,observations .j)(auth.integration);
    if (!integration || !auth.urls)
        return {};
    const providers = (0,observations .j)(auth.plugins)?.oauth_providers ?? [];
    const domains = (0,observations .j)(auth.domains);
    return {
        auth: {
            ...auth.urls,
            integration,
            oauthProviders: providers.map(({ id }) => id),
            ownOauthProviders: ownOauthProviders(providers),
        },
        ...(domains && { trustedDomains: domains }),
    };
};
const doctorRun = async (intent, run) => {
    const { log } = run;
    const target = await withHeadCommit(intent.target, run);
    const branch = await locateExisting(target, run);
    const { examine } = await Promise.all( [__nccwpck_require__.e(935), __nccwpck_require__.e(81)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7081));
    const { observations, diagnosis } = await examine({
        ...run,
        branch,
        previews: () => readPreviews(target, run),
        functions: () => discoverFunctions(branch, target, run),
    });
    for (const line of diagnosis.findings.flatMap(findingLines))
        log.info(line);
    if (diagnosis.verdict === 'could_not_tell')
        log.warning(verdictSentence(diagnosis));
    const report = {
        action: 'status',
        branch,
        changes: [],
        ...authState(observations),
        diagnosis,
    };
    await updateComment(report, target, NO_DOMAINS, run);
    return report;
};
var auth_service_response = __nccwpck_require__(9205);
;
const isListedDifferently = (origin, entries) => !entries.includes(origin) && (0,domains_origin .iC)(entries, origin);
const isCovered = (origin, entries) => entries
    .map(domains_origin .yv)
    .some((other) => other !== origin && (0,wildcard ._)(other, (0,domains_origin .VA)(origin)));
const findAccepted = async (urls, origins, { http }) => {
    const service = (0,client .m)(http.once, urls);
    const accepts = async (origin) => (0,auth_service_response .ae)(await service.probeOrigin(origin));
    try {
        const [control, ...accepted] = await Promise.all([
            accepts((0,domains_origin .oK)()),
            ...origins.map((origin) => accepts((0,domains_origin .VA)(origin))),
        ]);
        return control === false ? origins.filter((_, index) => accepted[index]) : [];
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        return [];
    }
};
const respell = (observed, origins) => {
    const desiredSpelling = (entry) => {
        const origin = (0,domains_origin .yv)(entry);
        return origins.includes(origin) ? origin : entry;
    };
    return { ...observed, trustedDomains: [...new Set(observed.trustedDomains.map(desiredSpelling))] };
};
const withDesiredSpellings = async (observed, { trustedDomains: desired }, written, context) => {
    if (observed.auth === 'off')
        return observed;
    const entries = observed.trustedDomains;
    const sent = written.flatMap((change) => change.change === 'trust_domain' ? [change.domain] : []);
    const listedDifferently = desired.filter((origin) => isListedDifferently(origin, entries));
    if (listedDifferently.length === 0)
        return observed;
    const provable = listedDifferently.filter((origin) => !sent.includes(origin) && !isCovered(origin, entries));
    const urls = (0,auth_urls .W)(observed.integration);
    const accepted = urls && provable.length > 0 ? await findAccepted(urls, provable, context) : [];
    const trusted = listedDifferently.filter((origin) => sent.includes(origin) || accepted.includes(origin));
    if (trusted.length > 0)
        context.log.info(`Neon lists ${trusted.join(', ')} in another spelling, which this run treats as trusted.`);
    return respell(observed, trusted);
};
;
const READS_UNTIL_OFF = 3;
const pauseBeforeReread = (attempt) => 500 + (0,retry .jo)(attempt);
const disabledDuringRunProblem = ({ name, id }) => new core_problem .A({
    what: `Neon Auth was disabled on branch ${name} (${id}) while this run was in progress.`,
    why: 'the pull request was closed, or somebody disabled auth in the Neon Console',
    fix: 'if the branch still needs auth, run the job again',
});
const replacedDuringRunProblem = ({ name, id }) => new core_problem .A({
    what: `Neon Auth was disabled and enabled again on branch ${name} (${id}) while this run was creating users. The new auth may lack these users and other settings.`,
    why: 'the pull request was closed and reopened, or another run or a person enabled auth again',
    fix: 'run the job again',
});
const assertSameAuth = async (before, integration, { branch, preconditions }) => {
    if (integration && isSameAuth(integration, before.integration))
        return;
    await preconditions.confirm();
    throw integration ? replacedDuringRunProblem(branch) : disabledDuringRunProblem(branch);
};
const readUntilOn = async (read, isOn, { deadline }) => {
    for (let attempt = 1;; attempt++) {
        const result = await read();
        if (isOn(result) || attempt === READS_UNTIL_OFF)
            return result;
        await deadline.sleep(pauseBeforeReread(attempt), 'waiting for Neon to report auth as on');
    }
};
const observeSameAuth = async (before, read, context) => {
    const now = await readUntilOn(read, ({ auth }) => auth === 'on', context);
    await assertSameAuth(before, now.auth === 'on' ? now.integration : undefined, context);
    return now;
};
const confirmSameAuth = async (before, context) => {
    const { neon, branch } = context;
    const what = `Could not check again whether Neon Auth is on for branch ${branch.name} (${branch.id}).`;
    const read = () => (0,neon_errors .eQ)(what, () => neon.getAuth(branch.id));
    await assertSameAuth(before, await readUntilOn(read, Boolean, context), context);
};
;
const MAX_ROUNDS = 4;
const SETTINGS_NOT_APPLIED = {
    why: 'Neon does not apply these values on this branch, or something changes them back',
    fix: 'compare the branch in the Neon Console with `settings`, correct or remove these settings, and run the job again',
};
const CHANGES_NOT_APPLIED = {
    why: 'another run or a person is changing the same branch (Neon stores all auth settings in one row, so parallel writes can undo each other)',
    fix: 'give the jobs of one branch one `concurrency` group with `cancel-in-progress: false`, and run the job again',
};
const notConvergedProblem = ({ branch }, remaining, { trustedDomains }) => new core_problem .A({
    what: `Neon accepted ${MAX_ROUNDS} rounds of changes on branch ${branch.name} (${branch.id}), but still reports other values. These changes are still missing:\n${(0,core_text .fF)(remaining.map(sentence))}`,
    response: `Trusted domains that Neon lists: ${trustedDomains.join(', ') || '(none)'}`,
    ...(remaining.every(isSettingsChange) ? SETTINGS_NOT_APPLIED : CHANGES_NOT_APPLIED),
});
const notReportedAsOnProblem = ({ branch }) => new core_problem .A({
    what: `Neon accepted the request to enable auth on branch ${branch.name} (${branch.id}) but still reports it as off.`,
    why: 'Neon is still setting it up, or another run disabled it right away',
    fix: 'run the job again, or raise `timeout`',
});
const converge_readBack = async (read, hasEnabled, context) => {
    for (let attempt = 1;; attempt++) {
        const reading = await read();
        if (reading.observed.auth === 'on')
            return reading;
        if (attempt >= READS_UNTIL_OFF) {
            await context.preconditions.confirm();
            if (!hasEnabled)
                throw disabledDuringRunProblem(context.branch);
        }
        const pause = pauseBeforeReread(attempt);
        if (pause >= context.deadline.remaining())
            throw hasEnabled ? notReportedAsOnProblem(context) : disabledDuringRunProblem(context.branch);
        await context.deadline.sleep(pause, 'waiting for Neon to report auth as on');
    }
};
const NOTHING_ACCEPTED = { changes: [] };
const isReplaced = (before, created, now) => {
    if (now.auth === 'off')
        return false;
    if (before.auth === 'on')
        return !isSameAuth(before.integration, now.integration);
    const id = created?.auth_provider_project_id;
    return id !== undefined && id !== now.integration.auth_provider_project_id;
};
const markAccepted = (goal, { goal: accepted }) => {
    if (!accepted)
        return goal;
    const isSame = (0,external_node_util_.isDeepStrictEqual)(goal.settings, accepted.settings);
    return { ...goal, resendSecrets: false, writeOnlySent: goal.writeOnlySent || isSame };
};
const isRefusedValue = (error) => {
    const cause = error instanceof core_problem .A ? error.cause : undefined;
    if (!(cause instanceof neon_errors .tB) || cause.isForeign)
        return false;
    const { status } = cause;
    return status >= 400 && status < 500 && status !== 401 && !retry .U3.has(status);
};
const applyOrWarn = async (change, basis, { all, refused }, context) => {
    try {
        return await apply(change, basis, context);
    }
    catch (error) {
        const setting = writtenSettingName(change);
        const isRestored = setting !== undefined && all.includes(setting);
        if (!isRestored || !isRefusedValue(error))
            throw error;
        refused.add(setting);
        context.log.warning(`Neon refused a setting from before the close, so it was not restored: ${setting}. Set it again in the Neon Console or with the inputs of this step.\n${(0,core_problem .b)(error)}`);
        return 'refused';
    }
};
const applyAll = async (changes, { goal, observed }, refused, context) => {
    const storedDomains = observed.auth === 'on' ? observed.storedDomains : [];
    const restored = { all: goal.restoredSettings ?? [], refused };
    const applied = [];
    let created;
    for (const change of changes) {
        const result = await applyOrWarn(change, { storedDomains }, restored, context);
        if (result === 'refused')
            continue;
        if (result.outcome === 'replan')
            return { applied, created, isOutdated: true };
        applied.push(change);
        created ??= result.created;
    }
    return { applied, created, isOutdated: false };
};
const withoutStoredDifferently = (planned, written, observed, { log }) => {
    const stored = observed.auth === 'on' ? observed.settings : undefined;
    if (!stored)
        return planned;
    return planned.filter((change) => {
        if (!isSettingsChange(change))
            return true;
        const warnings = storedDifferentlyWarnings(change, written.filter(isSettingsChange), stored);
        for (const warning of warnings)
            log.warning(warning);
        return warnings.length === 0;
    });
};
const converge = async (desired, first, context, afterWrites = () => { }) => {
    const isRestoring = context.onOrphanSchema === 'restore';
    const refused = new Set();
    let accepted = NOTHING_ACCEPTED;
    let created;
    const respell = (state) => withDesiredSpellings(state, desired, accepted.changes, context);
    const read = async () => {
        const goal = isRestoring ? await withRestored(desired, context, refused) : desired;
        const state = await observe(context.neon, context.branch, goal, context.log);
        return { goal, observed: await respell(state) };
    };
    let reading = first.auth === 'on' && isRestoring
        ? await read()
        : { goal: desired, observed: await respell(first) };
    for (let round = 0;; round++) {
        const { goal, observed } = reading;
        const planned = planEnable(markAccepted(goal, accepted), observed);
        const changes = withoutStoredDifferently(planned, accepted.changes, observed, context);
        if (observed.auth === 'on') {
            if (changes.length === 0)
                return { observed, ...(created && { created }) };
            if (round === MAX_ROUNDS)
                throw notConvergedProblem(context, changes, observed);
        }
        if (round > 1)
            await context.deadline.sleep((0,retry .jo)(round), 'waiting to apply the changes again');
        const result = await applyAll(changes, reading, refused, context);
        created ??= result.created;
        accepted = result.isOutdated
            ? NOTHING_ACCEPTED
            : { changes: [...accepted.changes, ...result.applied], goal };
        afterWrites(observed, created);
        const hasEnabled = result.applied.some(({ change }) => change === 'enable_auth');
        reading = await converge_readBack(read, hasEnabled, context);
        if (isReplaced(observed, created, reading.observed)) {
            accepted = NOTHING_ACCEPTED;
            afterWrites(reading.observed, undefined);
        }
    }
};
;
const PATIENCE_MS = 15_000;
const PROVEN = { proven: true };
const inconclusive = ({ summary }) => ({ inconclusive: summary });
const serviceChecks = (service, { baseUrl, jwksUrl }) => [
    {
        claim: 'the auth service answers',
        request: `GET ${baseUrl}/ok`,
        run: async () => {
            const response = await service.checkHealth();
            return response.ok ? PROVEN : inconclusive(response);
        },
    },
    {
        claim: 'the JWKS has keys',
        request: `GET ${jwksUrl}`,
        run: async () => {
            const response = await service.fetchJwks();
            if (!response.ok)
                return inconclusive(response);
            return response.keys.length > 0 ? PROVEN : { rejected: 'it has no keys' };
        },
    },
];
const originCheck = (service, { baseUrl, origin, claim }, judge) => ({
    claim,
    request: `POST ${baseUrl}/sign-out`,
    run: async () => {
        const response = await service.probeOrigin(origin);
        const isAccepted = (0,auth_service_response .ae)(response);
        return isAccepted === undefined ? inconclusive(response) : judge(isAccepted, response);
    },
});
const trustCheck = (service, baseUrl, domain) => originCheck(service, { baseUrl, origin: (0,domains_origin .VA)(domain), claim: `${domain} is trusted` }, (isAccepted, { summary }) => (isAccepted ? PROVEN : { rejected: `it answers ${summary}` }));
const controlCheck = (service, baseUrl) => {
    const origin = (0,domains_origin .oK)();
    return originCheck(service, { baseUrl, origin, claim: `${origin} is refused` }, (isAccepted) => isAccepted ? { rejected: `it accepts ${origin}` } : PROVEN);
};
const LOST = 'the auth service has not started, or the runner cannot reach its host (proxy, firewall)';
const REJECTED = 'the change has not reached the auth service yet, or the trusted domain does not match this origin';
const unprovenProblem = ({ request, claim }, { rejected, lost, fault }) => new core_problem .A({
    what: `Neon Auth is configured, but the run could not verify that ${claim}.`,
    response: `${request}: ${rejected}`,
    why: fault?.why ?? (lost ? LOST : REJECTED),
    fix: fault?.fix ?? 'run the job again, raise `timeout`, or skip this check with `verify: false`',
});
const runOnce = async ({ run }) => {
    try {
        return await run();
    }
    catch (error) {
        if (error instanceof errors .s)
            return { rejected: (0,core_problem .b)(error), lost: true, fault: error.fault };
        throw error;
    }
};
const startCheck = (check) => {
    const verdict = runOnce(check);
    verdict.catch(() => { });
    let isVerdictUsed = false;
    const run = () => {
        const next = isVerdictUsed ? check.run() : verdict;
        isVerdictUsed = true;
        return next;
    };
    return { ...check, run };
};
const pollVerdict = async (check, { deadline, log }, patienceMs) => {
    const { value } = await (0,poll .g)({
        deadline,
        patienceMs,
        waitingFor: 'verifying',
        attempt: async (attempt) => {
            const verdict = await runOnce(check);
            if ('proven' in verdict)
                return { done: true, value: verdict };
            const reason = 'rejected' in verdict ? verdict.rejected : `answered ${verdict.inconclusive}`;
            const failure = `${check.request}: ${reason}`;
            if (attempt === 0)
                log.info(`Could not verify yet that ${check.claim}: ${failure}`);
            return { done: false, value: verdict, failure };
        },
    });
    return value;
};
const patienceFor = (verdict) => 'rejected' in verdict ? Number.POSITIVE_INFINITY : PATIENCE_MS;
const prove = async (check, verification) => {
    const verdict = await pollVerdict(check, verification, patienceFor);
    if ('rejected' in verdict)
        throw unprovenProblem(check, verdict);
    if ('proven' in verdict)
        return true;
    verification.log.warning(`Could not verify that ${check.claim}: ${check.request} answered ${verdict.inconclusive}, which proves nothing.`);
    return false;
};
const whyNoProof = async (control, verification) => {
    const patience = (verdict) => ('rejected' in verdict && !verdict.lost ? 0 : PATIENCE_MS);
    const verdict = await pollVerdict(control, verification, patience);
    if ('proven' in verdict)
        return undefined;
    if ('inconclusive' in verdict)
        return `it answered ${verdict.inconclusive} for an origin that nobody can have trusted`;
    return verdict.lost
        ? `the request for an origin that nobody can have trusted got no response: ${verdict.rejected}`
        : `${verdict.rejected} too, which nobody can have trusted`;
};
const proveDomains = async ({ control, origins }, verification) => {
    const { domains, log } = verification;
    const proofs = origins.map((check) => prove(check, verification));
    const [reason, ...accepted] = await Promise.all([whyNoProof(control, verification), ...proofs]);
    const acceptedDomains = domains.filter((_, index) => accepted[index]);
    if (reason === undefined || acceptedDomains.length === 0)
        return acceptedDomains;
    const names = acceptedDomains.join(', ');
    const [are, them] = acceptedDomains.length > 1 ? ['are', 'them'] : ['is', 'it'];
    log.warning(`Could not verify that ${names} ${are} trusted: the auth service accepts ${them}, but ${reason}.`);
    return [];
};
const startVerification = (verification) => {
    const { domains, baseUrl } = verification;
    const service = (0,client .m)(verification.http.once, verification);
    const serving = serviceChecks(service, verification).map(startCheck);
    const domainChecks = domains.length > 0 && {
        control: startCheck(controlCheck(service, baseUrl)),
        origins: domains.map((domain) => startCheck(trustCheck(service, baseUrl, domain))),
    };
    return async () => {
        const [provenDomains, ...served] = await Promise.all([
            domainChecks ? proveDomains(domainChecks, verification) : [],
            ...serving.map((check) => prove(check, verification)),
        ]);
        return { isServing: served.every(Boolean), domains: provenDomains };
    };
};
var sign_up_refusals = __nccwpck_require__(4720);
;
const assertNewUserCanSignIn = ({ wanted, stored, signsInAsNewUser }) => {
    if (!signsInAsNewUser)
        return;
    const passwords = { ...stored?.plugins.email_and_password, ...wanted.email_and_password };
    const isOff = passwords.enabled === false;
    if (!isOff && !passwords.require_email_verification)
        return;
    throw new core_problem .A({
        what: 'Nothing was changed: the user that `e2e_session: true` creates could not sign in on this branch.',
        why: isOff
            ? 'sign-in with email and password is off'
            : 'the branch requires email verification, and nobody reads the mail of this user',
        fix: isOff
            ? 'add `email_and_password: { enabled: true }` to `settings`'
            : 'add `email_and_password: { require_email_verification: false }` to `settings`',
    });
};
const assertPasswordsOn = ({ wanted, stored }) => {
    const enabled = wanted.email_and_password?.enabled ?? stored?.plugins.email_and_password?.enabled;
    const user = wanted.users?.find(order_users .cw);
    if (user && enabled === false)
        throw (0,sign_up_refusals .nF)(user.email);
};
const assertTestEmailCanBeSent = async ({ wanted, stored, emailProviderType, }) => {
    const to = wanted.test_email;
    if (to === undefined)
        return;
    const provider = wanted.email_provider ?? stored?.plugins.email_provider;
    const type = provider?.type ?? (stored && (await emailProviderType())) ?? 'shared';
    if (type !== 'shared')
        return;
    throw new core_problem .A({
        what: `Could not send a test email to ${(0,core_text .TN)(to, 100)}: this branch sends emails with Neon's shared provider, which cannot be tested.`,
        fix: 'add your SMTP server as `email_provider` with `type: standard` to `settings`, or remove `test_email`',
    });
};
const LINK_TO_CODE = "`isolate` changes email verification on this branch from links to one-time codes, because Neon's shared email provider does not send links. The app must ask for the code. To keep links, add your own `email_provider` to `settings`.";
const LINKS_LOST = "Email verification on this branch uses links (`email_and_password.email_verification_method: link`), but Neon's shared email provider sends one-time codes only, so new users cannot verify their address. Add `email_verification_method: otp`, or your own `email_provider`, to `settings`.";
const verificationWarning = ({ file, wanted, stored }) => {
    if (wanted.email_provider?.type !== 'shared')
        return undefined;
    const inherited = stored?.plugins.email_and_password?.email_verification_method;
    const method = wanted.email_and_password?.email_verification_method ?? inherited;
    if (method === 'link')
        return LINKS_LOST;
    const isChosen = file.email_and_password?.email_verification_method !== undefined;
    return inherited === 'link' && !isChosen ? LINK_TO_CODE : undefined;
};
const preflight = async (input) => {
    assertNewUserCanSignIn(input);
    assertPasswordsOn(input);
    await assertTestEmailCanBeSent(input);
    const { wanted, seconds, log } = input;
    const warnings = [verificationWarning(input), (0,order_users .cu)(wanted.users ?? [], seconds)];
    for (const warning of warnings)
        if (warning)
            log.warning(warning);
};
;
const toDesired = (inputs, settings, domains) => ({
    trustedDomains: domains.trusted,
    formerDomains: domains.former,
    keepDomains: !domains.isComplete,
    pruneDomains: domains.prunes,
    isolate: inputs.isolate,
    sharedOauth: inputs.oauth === 'shared',
    ...(0,optional .l)('database', inputs.database),
    ...(0,optional .l)('allowLocalhost', inputs.allowLocalhost),
    ...(settings && { settings, resendSecrets: settings.resend_secrets ?? false }),
});
const loadSettings = async ({ settings, isolate }, env, warn) => {
    if (settings === undefined)
        return undefined;
    const { readSettings } = await Promise.all( [__nccwpck_require__.e(243), __nccwpck_require__.e(401), __nccwpck_require__.e(121)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8121));
    return readSettings(settings, env, { isolate, warn });
};
const withoutClosingSignUp = (desired) => {
    const { settings } = desired;
    const { email_and_password: emailSettings, users = [] } = settings ?? {};
    if (!settings || !emailSettings?.disable_sign_up || !users.some((user) => user.password))
        return desired;
    const { disable_sign_up: _, ...email_and_password } = emailSettings;
    return { ...desired, settings: { ...settings, email_and_password } };
};
const closesSignUp = (change) => change.change === 'update_email_and_password' && change.set.disable_sign_up === true;
const planInOrder = (desired, state) => {
    const initial = withoutClosingSignUp(desired);
    const closing = initial !== desired && planEnable(desired, state).some(closesSignUp)
        ? [{ change: 'update_email_and_password', set: { disable_sign_up: true } }]
        : [];
    return [...planEnable(initial, state), ...planUsers(desired.settings ?? {}), ...closing];
};
;
const acceptsSignUp = async ({ email, password, name = email }, origin, service, { track, record }) => {
    const change = { change: 'create_user', email };
    const send = () => service.signUp({ email, password, name, origin });
    try {
        const response = await track(change, () => (0,lost_writes .Pk)(errors .e, send));
        if (response.hasSession)
            record({ ...change, ...(0,optional .l)('id', response.userId) });
        return (0,sign_up .Kp)(response);
    }
    catch (error) {
        if ((0,errors .e)(error))
            return undefined;
        throw error;
    }
};
const createSignUpSwitch = (desired, { observed, context, hasChanged }) => {
    const stored = observed.settings?.plugins.email_and_password?.disable_sign_up;
    let isClosed = typeof stored === 'boolean' ? stored : 'hidden';
    let mayBeOpen;
    const { users = [], email_and_password } = desired.settings ?? {};
    const wanted = email_and_password?.disable_sign_up;
    const shouldBeClosed = wanted ?? isClosed !== false;
    const closesLast = withoutClosingSignUp(desired) !== desired;
    const set = async (disable_sign_up, neon = context.neon) => {
        if (!disable_sign_up)
            isClosed = false;
        const change = { change: 'update_email_and_password', set: { disable_sign_up } };
        await apply(change, { storedDomains: [] }, { ...context, neon });
        isClosed = disable_sign_up;
    };
    const isDue = () => {
        if (isClosed !== 'hidden')
            return isClosed !== shouldBeClosed;
        return closesLast && (mayBeOpen === true || desired.resendSecrets === true || hasChanged());
    };
    return {
        open: () => set(false),
        watch: (service) => ({
            ...service,
            async signUp(user) {
                const response = await service.signUp(user);
                mayBeOpen = (0,sign_up .Kp)(response) ?? mayBeOpen;
                return response;
            },
        }),
        async check(service, origin) {
            const user = users.find(order_users .cw);
            const isKnown = isClosed !== 'hidden' || mayBeOpen !== undefined;
            if (!user || !closesLast || isKnown || isDue())
                return;
            mayBeOpen = (await acceptsSignUp(user, origin, service, context)) ?? true;
        },
        async restore(neon = context.neon) {
            if (isDue())
                await set(shouldBeClosed, neon);
        },
    };
};
;
const seed_users_isOrigin = (entry) => {
    const sample = (0,domains_origin .VA)(entry);
    return /^https?:/.test(sample) && URL.canParse(sample) && new URL(sample).origin === sample;
};
const trustedOrigin = ({ trustedDomains }, previews, baseUrl) => (0,domains_origin .VA)(previews[0] ?? trustedDomains.find(seed_users_isOrigin) ?? new URL(baseUrl).origin);
const SIGN_UP_STILL_OPEN = 'Sign-up may still be open, because the run could not close it. Close it in the Neon Console, or set `email_and_password: { disable_sign_up: true }` in `settings` and run the job again.';
const seedUsersWithOpenSignUp = async (settings, desired, auth, run) => {
    const { observed, urls, context } = auth;
    const hasChanged = () => run.journal.applied.length > 0;
    const signUp = createSignUpSwitch(desired, { observed, context, hasChanged });
    const requiresVerification = settings.email_and_password?.require_email_verification ??
        observed.settings?.plugins.email_and_password?.require_email_verification ??
        false;
    const beforeAttempt = () => context.preconditions.beforeWrite('write');
    const service = signUp.watch((0,client .m)((request) => run.http.retrying({ ...request, beforeAttempt }), urls));
    const origin = trustedOrigin(observed, desired.trustedDomains, urls.baseUrl);
    try {
        await seedUsers(settings, {
            ...context,
            service,
            origin,
            requiresVerification,
            openSignUp: signUp.open,
        });
        await signUp.check(service, origin);
        await signUp.restore();
    }
    catch (error) {
        const neon = run.neon.confirming(() => confirmBranch(run.neon, context.branch, context.allowProtected));
        await signUp.restore(neon).catch(() => run.log.warning(SIGN_UP_STILL_OPEN));
        throw error;
    }
};
const seed = async (desired, auth, run) => {
    const { settings } = desired;
    if (!settings)
        return;
    await seedUsersWithOpenSignUp(settings, desired, auth, run);
    const { test_email: to } = settings;
    if (to === undefined)
        return;
    const { sendTestEmail } = await __nccwpck_require__.e(  464).then(__nccwpck_require__.bind(__nccwpck_require__, 1464));
    const server = settings.email_provider ?? auth.observed.settings?.plugins.email_provider;
    await sendTestEmail(to, server, settings, auth.context);
};
const warnAboutInherited = ({ settings: stored }, { settings = {}, isolate }, baseUrl, log) => {
    if (!stored)
        return;
    if (isolate) {
        for (const id of ownOauthProviders(stored.plugins.oauth_providers)) {
            const url = (0,client .$)(baseUrl, id);
            log.info(`Sign-in with ${id} does not work here until ${url} is registered with ${id}.`);
        }
        return;
    }
    const risks = inheritedRisks(stored, settings, baseUrl);
    if (risks.length === 0)
        return;
    log.warning(`This branch has settings that it most likely inherited from production: ${risks.join('; ')}. Set \`isolate: true\` to cut the branch off, or set each of them in \`settings\`.`);
};
;
const actionOf = (changes) => {
    if (changes.some(({ change }) => change === 'enable_auth'))
        return 'enabled';
    return changes.length > 0 ? 'updated' : 'unchanged';
};
const dryRunReport = async (desired, before, branch, run, leftoverChanges = []) => {
    const { log } = run;
    const observed = await withDesiredSpellings(before, desired, [], run);
    const report = planReport([...leftoverChanges, ...planInOrder(desired, observed)], branch, log);
    const { test_email } = desired.settings ?? {};
    if (test_email)
        log.info(`Would: Send a test email to ${(0,core_text .TN)(test_email, 100)}.`);
    if (observed.auth === 'off')
        return report;
    const urls = checkIntegration(observed.integration, branch, desired);
    return { ...report, ...authReport(observed, urls), requestedDomains: desired.trustedDomains };
};
const restoreDryRunReport = async (desired, before, branch, run) => {
    const context = { ...run, branch };
    if (before.auth === 'off') {
        const leftover = await withLeftover(desired, context);
        return dryRunReport(leftover.desired, before, branch, run, leftover.aside);
    }
    const restored = await withRestored(desired, context);
    return dryRunReport(restored, await observe(run.neon, branch, restored, run.log), branch, run);
};
const planOnly = async (desired, before, branch, run) => {
    const { onOrphanSchema } = run.inputs;
    if (onOrphanSchema === 'restore')
        return restoreDryRunReport(desired, before, branch, run);
    if (onOrphanSchema === 'fail' || before.auth === 'on')
        return dryRunReport(desired, before, branch, run);
    const deletion = await bestEffort('This dry run could not find out whether `on_orphan_schema: recreate` would delete a leftover schema', run, () => planRecreate({ ...run, branch }, desired.database));
    return dryRunReport(desired, before, branch, run, deletion);
};
const checkSettings = async (desired, before, branch, { inputs, neon, deadline, log }) => {
    const stored = before.auth === 'on' ? before.settings : undefined;
    const wanted = desiredSettings(desired, stored);
    if (!wanted)
        return;
    await preflight({
        file: desired.settings ?? {},
        wanted,
        stored,
        emailProviderType: () => neon.getEmailProviderType(branch.id),
        seconds: deadline.remaining() / 1000,
        signsInAsNewUser: inputs.e2eSession === true,
        log,
    });
};
const withoutResending = (desired, before, now) => now.auth === 'on' && isSameAuth(before.integration, now.integration)
    ? { ...desired, resendSecrets: false, writeOnlySent: true }
    : desired;
const convergeAndWait = async (desired, before, context, afterWrites) => {
    const { observed, created } = await converge(desired, before, context, afterWrites);
    const { database } = desired;
    const ready = await waitForUrls(desired, { before, observed, created }, context);
    const converged = ready === observed
        ? observed
        : (await converge(withoutResending(desired, observed, ready), ready, context, afterWrites))
            .observed;
    const urls = checkIntegration(converged.integration, context.branch, { database, created });
    return { observed: converged, urls, ...(created && { created }) };
};
const earlyVerification = (domains, run) => {
    let latest;
    const start = (urls) => ({
        urls,
        finish: startVerification({ ...run, ...urls, domains }),
    });
    return {
        afterWrites(before, created) {
            const urls = (0,auth_urls .W)(created ?? {}) ?? (before.auth === 'on' ? (0,auth_urls .W)(before.integration) : undefined);
            latest = urls && run.inputs.verify ? start(urls) : undefined;
        },
        async finish(urls) {
            if (!run.inputs.verify)
                return undefined;
            const { baseUrl, jwksUrl } = latest?.urls ?? {};
            const isSame = baseUrl === urls.baseUrl && jwksUrl === urls.jwksUrl;
            return (latest && isSame ? latest : start(urls)).finish();
        },
    };
};
const seedAndCloseSignUp = async (desired, converged, context, run) => {
    const { applied } = run.journal;
    const { branch } = context;
    const changes = applied.length;
    await seed(desired, { ...converged, context }, run);
    const before = converged.observed;
    if (withoutClosingSignUp(desired) === desired) {
        if (applied.length > changes)
            await confirmSameAuth(before, context);
        return converged;
    }
    const now = await observeSameAuth(before, () => observe(run.neon, branch, desired, run.log), context);
    const { observed } = await convergeAndWait(withoutResending(desired, before, now), now, context);
    await assertSameAuth(before, observed.integration, context);
    return { ...converged, observed };
};
const enable = async (desired, before, context, run) => {
    const { log, journal } = run;
    const initial = withoutClosingSignUp(desired);
    const domains = desired.trustedDomains;
    const verification = earlyVerification(domains, run);
    const converged = await convergeAndWait(initial, before, context, verification.afterWrites);
    const { urls, created } = converged;
    const proof = await verification.finish(urls);
    const { observed } = await seedAndCloseSignUp(desired, converged, context, run);
    warnAboutInherited(observed, desired, urls.baseUrl, log);
    return {
        action: actionOf(journal.applied),
        branch: context.branch,
        changes: journal.applied,
        ...authReport(observed, urls),
        requestedDomains: domains,
        ...(proof && { proof }),
        ...(created && { created }),
    };
};
const mayRemove = ({ pruneDomains, isolate, formerDomains = [] }) => pruneDomains || isolate === true || formerDomains.length > 0;
const GITHUB_PAUSE_MS = 15_000;
const enablingPreconditions = (target, branch, since, run) => {
    let nextCheckAt = Number.NEGATIVE_INFINITY;
    const checkOpen = async () => {
        if (performance.now() < nextCheckAt)
            return;
        const isKnownOpen = await assertOpen(target, run);
        if (!isKnownOpen)
            nextCheckAt = performance.now() + GITHUB_PAUSE_MS;
    };
    const read = async () => {
        await Promise.all([confirmBranch(run.neon, branch, run.inputs.allowProtected), checkOpen()]);
    };
    return createPreconditions(read, run.deadline, { since });
};
const convergeBranch = async (branch, desired, target, { since, getEarlyState, }, run) => {
    const { inputs, log, neon } = run;
    const preconditions = enablingPreconditions(target, branch, since, run);
    const confirmsFirst = mayRemove(desired) && !inputs.dryRun;
    const early = confirmsFirst ? undefined : await getEarlyState(branch);
    const [before] = await Promise.all([
        early?.state ?? observe(neon, branch, desired, log),
        confirmsFirst ? preconditions.confirm() : undefined,
    ]);
    if (before.auth === 'on')
        checkProviderAndDatabase(before.integration, branch, desired.database);
    await checkSettings(desired, before, branch, run);
    if (inputs.dryRun)
        return planOnly(desired, before, branch, run);
    const context = changeContext(branch, preconditions, run, () => assertKnownOpen(target, run));
    return enable(desired, before, context, run);
};
;
const numbersOf = (pulls) => pulls.map(({ number }) => number);
const preferredHeads = (heads, ref) => {
    const own = heads.filter(({ isSameRepository }) => isSameRepository);
    const deployed = own.filter(({ headRef }) => headRef === gitBranchOf(ref));
    return [deployed, own, heads].find(({ length }) => length > 0) ?? [];
};
const pullRequestOfCommit = ({ sha, ref }, pulls, defaultBranch) => {
    const open = pulls.filter(({ state }) => state === 'open');
    const withHead = open.filter(({ headSha }) => headSha === sha);
    const heads = preferredHeads(withHead, ref);
    const ofDefaultBranch = heads.find((pull) => proposesDefaultBranch(pull, defaultBranch));
    if (ofDefaultBranch)
        return { kind: 'default_branch', number: ofDefaultBranch.number };
    if (heads.length > 1)
        return { kind: 'ambiguous', numbers: numbersOf(heads) };
    const [pull] = heads;
    if (pull)
        return { kind: 'head', pull };
    const closed = pulls.filter(({ state }) => state === 'closed');
    const closedHeads = closed.filter(({ headSha }) => headSha === sha);
    if (closedHeads.length > 0)
        return { kind: 'closed', numbers: numbersOf(closedHeads) };
    if (closed.length > 0 && open.length === 0)
        return { kind: 'closed', numbers: numbersOf(closed) };
    return open.length > 0 ? { kind: 'superseded', numbers: numbersOf(open) } : { kind: 'unknown' };
};
;
const formatNumbers = (numbers) => numbers.map((number) => `#${number}`).join(', ');
const skipDefaultBranch = (number) => skipIntent('not_a_preview', `pull request #${number} proposes the repository's default branch, whose deployments are not previews`);
const COMMIT_NOT_FOUND = [404, 422];
const listAssociatedPulls = async (github, sha) => {
    try {
        return (await listPullRequestsOfCommit(github, sha)).items;
    }
    catch (error) {
        if (error instanceof GitHubError && COMMIT_NOT_FOUND.includes(error.status))
            return [];
        throw error;
    }
};
const findPullRequests = async (github, sha) => {
    const associated = await listAssociatedPulls(github, sha);
    if (associated.length > 0)
        return { pulls: associated, isComplete: true };
    const { items, isComplete } = await listOpenPullRequests(github);
    return { pulls: items.filter(({ headSha }) => headSha === sha), isComplete };
};
const notFoundProblem = (sha, response, cause) => new core_problem .A({
    what: `Could not find the pull request of the deployed commit ${sha.slice(0, 12)}.`,
    response,
    fix: 'pass `pr_number` or `branch`',
    cause,
});
const resolveCommit = (target, sha, commit) => {
    const shortSha = sha.slice(0, 12);
    switch (commit.kind) {
        case 'head': {
            const { pull } = commit;
            return { target: { ...target, prNumber: pull.number, pullRequest: pull } };
        }
        case 'closed': {
            const [number] = commit.numbers;
            return skipClosed({ ...target, ...(number !== undefined && { prNumber: number }) });
        }
        case 'default_branch':
            return skipDefaultBranch(commit.number);
        case 'superseded':
            return skipIntent('superseded_commit', `the deployed commit ${shortSha} is part of ${formatNumbers(commit.numbers)}, but no longer the head of an open pull request`);
        case 'ambiguous':
            throw notFoundProblem(sha, `It is the head of several open pull requests: ${formatNumbers(commit.numbers)}.`);
        case 'unknown':
            return skipIntent('pull_request_not_found', `GitHub knows no pull request with the deployed commit ${shortSha}, and it is not the head of an open one`);
    }
};
const lookUpCommit = async ({ sha, ref }, { github, event }) => {
    if (!github)
        throw notFoundProblem(sha, 'There is no `github_token`, so the run cannot call the GitHub API.');
    try {
        const { pulls, isComplete } = await findPullRequests(github, sha);
        const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch);
        if (commit.kind === 'unknown' && !isComplete)
            throw notFoundProblem(sha, 'It is not the head of any of the 1,000 newest open pull requests.');
        return commit;
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        throw notFoundProblem(sha, `GitHub: ${error.message}`, error);
    }
};
const withDeployedPullRequest = async (target, run) => {
    const { deployment, defaultBranch } = run.event;
    if (!deployment || Object.keys(target).length > 0)
        return target;
    const { sha, ref } = deployment;
    if (isDefaultBranch(ref, defaultBranch))
        throw notFoundProblem(sha, "It was deployed from the repository's default branch.");
    const commit = await lookUpCommit(deployment, run);
    if (commit.kind === 'closed') {
        const [number, ...others] = commit.numbers;
        if (number !== undefined && others.length === 0)
            return { ...target, prNumber: number };
        throw notFoundProblem(sha, `It belongs to several closed pull requests: ${formatNumbers(commit.numbers)}.`);
    }
    const resolved = resolveCommit(target, sha, commit);
    if ('target' in resolved)
        return resolved.target;
    throw notFoundProblem(sha, `It cannot be used: ${resolved.why}.`);
};
const identifyByMergeRef = async (target, number, { github, event, log }) => {
    const pull = github && (await fetchPullRequestOrWarn(github, number, log));
    if (pull?.state === 'closed')
        return skipClosed(target);
    if (pull && proposesDefaultBranch(pull, event.defaultBranch))
        return skipDefaultBranch(number);
    return { target: { ...target, ...(pull && { pullRequest: pull }) } };
};
const identifyForNamedBranch = async (target, { sha, ref }, { github, event, log }) => {
    if (!github)
        return { target };
    try {
        const pulls = await listAssociatedPulls(github, sha);
        const commit = pullRequestOfCommit({ sha, ref }, pulls, event.defaultBranch);
        const isClosedHead = commit.kind === 'closed' &&
            pulls.some(({ headSha, number }) => headSha === sha && commit.numbers.includes(number));
        return commit.kind === 'head' || isClosedHead ? resolveCommit(target, sha, commit) : { target };
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        log.warning(`Could not check whether the pull request of the deployed commit is still open: ${error.message}. Continuing without this check.`);
        return { target };
    }
};
const identifyPullRequest = async (target, run) => {
    const { deployment, prNumber } = target;
    if (!deployment || run.inputs.prNumber !== undefined)
        return { target };
    if (prNumber === undefined)
        return target.branch === undefined
            ? resolveCommit(target, deployment.sha, await lookUpCommit(deployment, run))
            : identifyForNamedBranch(target, deployment, run);
    if (target.branch !== undefined)
        return { target };
    return prNumber === pullRequestOfRef(deployment.ref)
        ? identifyByMergeRef(target, prNumber, run)
        : { target };
};
;
const checkSessionUser = async ({ e2eSession }, settings) => {
    if (typeof e2eSession !== 'string')
        return;
    const { assertUserWithPassword } = await __nccwpck_require__.e(  892).then(__nccwpck_require__.bind(__nccwpck_require__, 2892));
    assertUserWithPassword(e2eSession, settings);
};
const planSessionFor = async (branch, input, run) => {
    if (run.inputs.e2eSession === undefined)
        return undefined;
    const { planSession } = await __nccwpck_require__.e(  892).then(__nccwpck_require__.bind(__nccwpck_require__, 2892));
    const confirm = async () => {
        await Promise.all([confirmBranch(run.neon, branch, false), assertOpen(input.target, run)]);
    };
    return planSession(branch, { ...input, confirm }, run);
};
const withOauthPreflight = async (report, domains, run) => {
    if (!run.inputs.oauthPreflight || run.inputs.dryRun || !report.auth)
        return report;
    const { checkOauth } = await __nccwpck_require__.e(  787).then(__nccwpck_require__.bind(__nccwpck_require__, 2787));
    return { ...report, oauth: await checkOauth({ ...run, ...report.auth, domains }) };
};
const enable_run_observeEarly = (target, settings, run) => {
    const { inputs, log, neon } = run;
    if (inputs.isolate || inputs.oauth === 'shared')
        return async () => undefined;
    const settingsToRead = inputs.e2eSession === true ? (settings ?? {}) : settings;
    const desired = toDesired(inputs, settingsToRead, { ...NO_DOMAINS, former: [], prunes: false });
    return readEarly(target, run, (branch) => observe(neon, branch, desired, log));
};
const prepare = async (target, settings, run) => {
    const since = markRead(run.deadline);
    const locating = locateForEnabling(target, run);
    const getEarlyState = enable_run_observeEarly(target, settings, run);
    await Promise.race([run.http.firstSent, Promise.allSettled([locating])]);
    const requested = await readRequestedDomains(target, run);
    if (requested.faults.length > 0 && (await isClosed(target, run)))
        throw new PullRequestClosed();
    assertUsable(requested);
    const [owned, pullRequestDomains, earlier] = await Promise.all([
        locating,
        collectDomains(target, requested, run),
        readEarlierComments(target, run),
    ]);
    if (!owned)
        throw new PullRequestClosed();
    const { branch } = owned;
    guardBranch(branch, run.inputs.allowProtected);
    selectBranch(branch, run);
    const functionOrigins = await discoverFunctions(branch, target, run);
    const domains = withTrustedOrigins(pullRequestDomains, functionOrigins);
    return { branch, requested, domains, earlier, since, getEarlyState };
};
const enableTarget = async (target, settings, run) => {
    const prepared = await prepare(target, settings, run);
    const { branch, requested, domains, earlier } = prepared;
    const session = await planSessionFor(branch, { target, settings, domains: domains.trusted }, run);
    warnIfDomainsUnknown(domains, run);
    const former = formerDomains(recordFor(earlier, branch), currentDeployments(domains, run));
    const desired = toDesired(run.inputs, session ? session.settings : settings, {
        ...domains,
        former: await findExclusiveOrigins(former, target, run),
        prunes: canPrune(domains, requested, run),
    });
    const enabled = await convergeBranch(branch, desired, target, prepared, run);
    const checked = await withOauthPreflight(enabled, domains.trusted, run);
    const report = session ? await session.open(checked) : checked;
    await updateComment(report, target, domains, run);
    return report;
};
const enableRun = async (intent, run) => {
    const { inputs, env, log, journal } = run;
    const settings = await loadSettings(inputs, env, log.warning);
    await checkSessionUser(inputs, settings);
    const identified = await identifyPullRequest(intent.target, run);
    if ('kind' in identified)
        return skipReport(identified, log);
    const target = await withHeadCommit(identified.target, run);
    try {
        return await withFailureComment(target, run, () => enableTarget(target, settings, run));
    }
    catch (error) {
        if (!(error instanceof PullRequestClosed))
            throw error;
        return skipReport(skipClosed(target), log, journal.applied);
    }
};
;
const statusRun = async ({ target }, run) => {
    const { neon, log } = run;
    const branch = await locateExisting(target, run);
    const observed = await observe(neon, branch, { trustedDomains: [], pruneDomains: false }, log);
    const report = { action: 'status', branch, changes: [] };
    if (observed.auth === 'off')
        return { ...report, note: 'Neon Auth is off on this branch.' };
    const urls = (0,auth_urls .W)(observed.integration);
    if (!urls)
        return { ...report, note: 'Neon Auth is on, but Neon returns no URLs for it.' };
    return { ...report, ...authReport(observed, urls) };
};
;
const toSweepCandidate = (branch, { number, repository }, checkRepository) => {
    if (repository !== undefined && checkRepository(repository) !== 'this')
        return undefined;
    if (typeof number === 'string')
        return undefined;
    const claim = parseBranchName(branch.name);
    const annotatedNumber = repository === undefined ? undefined : number;
    const isAnnotated = annotatedNumber !== undefined;
    const nameNumber = claim?.by === 'number' ? claim.number : undefined;
    const ref = claim?.by === 'ref' ? claim.headRef : undefined;
    const contradicts = nameNumber !== undefined && number !== undefined && number !== nameNumber;
    if (contradicts && !isAnnotated)
        return undefined;
    const numbers = [...new Set([annotatedNumber, nameNumber])].filter((owner) => owner !== undefined);
    if (numbers.length === 0 && ref === undefined)
        return undefined;
    return { branch, numbers, isAnnotated, ...(ref && { ref }) };
};
const isLeftBehind = ({ branch, numbers, ref, isAnnotated }, { byNumber, byRef }) => {
    if (ref !== undefined && !allowsSweep(byRef.get(ref), isAnnotated))
        return false;
    return numbers.every((number) => {
        const owner = byNumber.get(number);
        if (owner?.state !== 'closed')
            return false;
        return isAnnotated || isNamedAfter(branch, number, owner.headRef);
    });
};
const isNamedAfter = ({ name }, number, headRef) => branchNames({ number, headRef, isSameRepository: false }).some((possible) => possible.name === name);
const allowsSweep = (state, isAnnotated) => state === 'closed' || (isAnnotated && state === 'long-lived');
const describeClosedOwners = ({ numbers, ref }) => {
    if (numbers.length === 0)
        return `the pull request of ${(0,core_text .TN)(ref ?? '', 80)} is closed`;
    const list = numbers.map((number) => `#${number}`).join(' and ');
    return numbers.length > 1 ? `pull requests ${list} are closed` : `pull request ${list} is closed`;
};
const refreshOwnerStates = async ({ numbers, ref }, github) => {
    try {
        const [pulls, byRef] = await Promise.all([
            Promise.all(numbers.map((number) => fetchPullRequest(github, number))),
            readHeadRefStates(github, ref === undefined ? [] : [ref]),
        ]);
        const byNumber = new Map(pulls.map(({ number, state, headRef = '' }) => [number, { state, headRef }]));
        return { byNumber, byRef };
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        throw new core_problem .A({
            what: 'GitHub could not confirm that the pull request of this branch is still closed.',
            response: `GitHub: ${error.message}`,
            cause: error,
        });
    }
};
;
const sweep_run_WORKERS = 5;
const PACE_MS = 90;
const listCandidates = async ({ neon, github, event, inputs, }) => (0,neon_errors .eQ)(`Could not list the branches of the Neon project ${neon.projectId}.`, async () => {
    const listing = await listAllBranches(neon);
    const annotated = listing.branches.flatMap(({ id }) => annotationOf(listing, id).repository ?? []);
    const others = [...new Set(annotated)].filter((name) => !sameName(name, event.repository));
    const checkRepository = await createRepositoryCheck(event.repository, others, github);
    return listing.branches
        .map(toFoundBranch)
        .filter((branch) => inputs.allowProtected || !(branch.isDefault || branch.isProtected))
        .flatMap((branch) => toSweepCandidate(branch, annotationOf(listing, branch.id), checkRepository) ?? []);
});
const statesUnknownProblem = (more) => new core_problem .A({
    what: 'Could not find out which pull requests are closed, so nothing was swept.',
    ...more,
});
const readRefStates = async (github, refs) => {
    try {
        return { byRef: await readHeadRefStates(github, refs) };
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        return { byRef: new Map(), refsError: error.message };
    }
};
const readOwnerStates = async (candidates, { github }) => {
    const numbers = new Set(candidates.flatMap((candidate) => candidate.numbers));
    const refs = new Set(candidates.flatMap(({ ref }) => (ref === undefined ? [] : [ref])));
    try {
        const byNumber = await readPullRequestStates(github, [...numbers]);
        const { byRef, ...failure } = await readRefStates(github, [...refs]);
        return { states: { byNumber, byRef }, ...failure };
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        throw statesUnknownProblem({ response: `GitHub: ${error.message}`, cause: error });
    }
};
const unknownOwnerFailures = (candidates, states, refsError) => refsError === undefined
    ? []
    : candidates
        .filter(({ ref, ...others }) => ref !== undefined && isLeftBehind(others, states))
        .map((candidate) => ({
        candidate,
        changes: [],
        failure: `GitHub did not say whether its git branch is gone (${refsError}). Private repositories may need \`permissions: contents: read\``,
    }));
class BranchNeeded extends Error {
}
const sweepPreconditions = (candidate, run) => {
    const { neon, github, inputs, deadline } = run;
    const assertLeftBehind = async () => {
        if (!isLeftBehind(candidate, await refreshOwnerStates(candidate, github)))
            throw new BranchNeeded();
    };
    const read = async () => {
        await Promise.all([
            confirmBranch(neon, candidate.branch, inputs.allowProtected),
            assertLeftBehind(),
        ]);
    };
    return createPreconditions(read, deadline);
};
const sweepContext = (candidate, changes, run) => {
    const { branch } = candidate;
    const context = changeContext(branch, sweepPreconditions(candidate, run), run);
    return {
        ...context,
        track: (change, work) => context.track(sweepChange(branch, change), work),
        record: (change) => {
            const swept = sweepChange(branch, change);
            changes.push(swept);
            run.journal.applied.push(swept);
        },
    };
};
const sweepChange = ({ name, id }, made) => ({
    change: 'sweep_branch',
    branch: name,
    branch_id: id,
    made,
});
const sweepBranch = async (candidate, desired, run) => {
    const { branch } = candidate;
    const changes = [];
    try {
        const { state } = await observeForClose(run.neon, branch, desired.onClose);
        const planned = planClose(desired, state).map((change) => sweepChange(branch, change));
        if (planned.length === 0)
            return { candidate, changes };
        if (run.inputs.dryRun)
            return { candidate, changes: planned };
        await turnOffAuth(desired, sweepContext(candidate, changes, run));
        return { candidate, changes };
    }
    catch (error) {
        if (error instanceof core_deadline .ft)
            throw error;
        if (error instanceof BranchNeeded) {
            run.log.info(`${(0,core_text .TN)(branch.name, 100)} was skipped, because GitHub no longer shows its pull request as closed.`);
            return { candidate, changes };
        }
        if (error instanceof BranchGone)
            return { candidate, changes };
        run.log.info(`Could not close ${(0,core_text .TN)(branch.name, 100)}: ${(0,core_problem .b)(error)}`);
        return { candidate, changes, failure: (0,core_problem .b)(error) };
    }
};
const sweepBranches = async (candidates, desired, run) => {
    const results = [];
    const queue = [...candidates];
    const isPaced = candidates.length > sweep_run_WORKERS * 10;
    const { deadline } = run;
    let countedResponses = deadline.responses;
    let nextAt = 0;
    const worker = async () => {
        for (let candidate = queue.shift(); candidate; candidate = queue.shift()) {
            results.push(await sweepBranch(candidate, desired, run));
            const now = performance.now();
            nextAt = Math.max(nextAt, now) + PACE_MS * (deadline.responses - countedResponses);
            countedResponses = deadline.responses;
            const pause = nextAt - now;
            if (isPaced && queue.length > 0 && pause > 0)
                await deadline.sleep(pause, 'waiting to sweep the remaining branches');
        }
    };
    await Promise.all(Array.from({ length: sweep_run_WORKERS }, worker));
    return results;
};
const describeFailures = (results) => results.flatMap(({ candidate, failure }) => failure === undefined
    ? []
    : [`${candidate.branch.name} (${candidate.branch.id}): ${failure.replaceAll('\n', ' ')}`]);
const desiredForSweep = async (run) => {
    if (run.inputs.onClose !== 'untrust')
        return desiredClose(run.inputs, []);
    const requested = await readRequestedDomains({}, run);
    assertUsable(requested);
    return desiredClose(run.inputs, requested.origins);
};
const sweepRun = async (context) => {
    const { github, inputs, log } = context;
    if (!github) {
        throw statesUnknownProblem({
            fix: 'pass `github_token` (it is set by default) to a job with `permissions: pull-requests: read`',
        });
    }
    const run = { ...context, github };
    const action = inputs.dryRun ? 'planned' : 'swept';
    const candidates = await listCandidates(run);
    const { states, refsError } = await readOwnerStates(candidates, run);
    const closed = candidates.filter((candidate) => isLeftBehind(candidate, states));
    log.info(`${candidates.length} branches belong to pull requests, ${closed.length} of them to closed ones.`);
    if (inputs.onClose === 'keep')
        return { action, changes: [], note: '`on_close: keep` leaves the branches unchanged.' };
    const unknown = unknownOwnerFailures(candidates, states, refsError);
    const swept = await sweepBranches(closed, await desiredForSweep(run), run);
    const results = [...swept, ...unknown];
    for (const { candidate, changes } of results) {
        if (changes.length > 0)
            log.info(`${inputs.dryRun ? 'Would close' : 'Closed'} ${candidate.branch.name}: ${describeClosedOwners(candidate)}.`);
    }
    const failures = describeFailures(results);
    const changes = results.flatMap((result) => result.changes);
    if (failures.length === 0)
        return { action, changes };
    throw new core_problem .A({
        what: `${failures.length} of ${results.length} branches could not be swept:\n${(0,core_text .fF)(failures.map((line) => (0,core_text .TN)(line, 600)))}`,
        fix: 'run the sweep again; swept branches stay swept',
    });
};
;
const run = async (environment) => {
    const { env, readInput } = environment;
    registerSecretInputs(readInput, env);
    completeProxies(env);
    const inputs = readInputs(readInput, env);
    const event = readEvent(env);
    const intent = decideIntent(event, inputs);
    const report = await execute(intent, inputs, event, environment);
    warnAboutLostChanges(environment);
    return { inputs, report };
};
const execute = async (intent, inputs, event, { env, log, stop, journal }) => {
    if (intent.kind === 'keep')
        return { action: 'kept', changes: [] };
    if (intent.kind === 'skip')
        return skipReport(intent, log);
    const deadline = (0,core_deadline .db)(inputs.timeout, stop);
    const http = createHttp(deadline, log);
    const { apiKey, projectId } = intent;
    const github = createGitHub(inputs.githubToken, event.repository, deadline, http.once);
    const neon = createNeonClient(http.retrying, { apiHost: inputs.apiHost, apiKey, projectId });
    const ownComments = github && openOwnComments(github, projectId);
    if (!github && needsGitHub(intent))
        log.warning(NO_TOKEN_WARNING);
    try {
        const services = { http, neon, github, ownComments };
        const context = { env, inputs, event, log, deadline, journal, ...services };
        return await (0,neon_errors .eQ)('This run failed.', async () => {
            if (intent.kind === 'sweep')
                return sweepRun(context);
            const target = await withDeployedPullRequest(intent.target, context);
            return RUNS[intent.kind]({ ...intent, target }, context);
        });
    }
    finally {
        deadline.cancelPending();
    }
};
const warnAboutLostChanges = ({ journal, log }) => {
    if (journal.inFlight.size > 0)
        log.warning(describeLostChanges(journal));
};
const NO_TOKEN_WARNING = 'There is no `github_token`, so this run cannot ask GitHub whether the pull request is still open. ' +
    'A late run can enable auth for a pull request that was closed. ' +
    'Pass `github_token: ${{ github.token }}` and give the job `pull-requests: read`.';
const needsGitHub = (intent) => intent.kind === 'enable' && intent.target.prNumber !== undefined;
const RUNS = {
    enable: enableRun,
    close: closeRun,
    status: statusRun,
    doctor: doctorRun,
};
;
const runnerLog = {
    debug: (text) => debug((0,core_text .aj)(text)),
    info: (text) => info((0,core_text .aj)(text)),
    notice: (text) => notice((0,core_text .aj)(text)),
    warning: (text) => warning((0,core_text .aj)(text)),
};
const maskSecretsInLog = () => (0,secrets .xW)(setSecret);
const runner_log_fail = (text) => setFailed((0,core_text .aj)(text));
;
const isOnRunner = (env) => !['', 'false'].includes(env['GITHUB_ACTIONS'] ?? '');
const print = (text) => void process.stdout.write(`${(0,core_text .aj)(text)}\n`);
const terminalLog = {
    debug: () => { },
    info: print,
    notice: print,
    warning: (text) => print(`Warning: ${text}`),
};
const failInTerminal = (text) => {
    process.exitCode = 1;
    process.stderr.write(`Error: ${(0,core_text .aj)(text)}\n`);
};
;
const keepWarnings = (log) => {
    const warnings = [];
    const warning = (text) => {
        if (warnings.includes(text))
            return;
        warnings.push(text);
        log.warning(text);
    };
    return { log: { ...log, warning }, warnings };
};
;
const changeOutputs = (branch, changes, areApplied) => ({
    changed: String(areApplied && changes.length > 0),
    branch_id: branch?.id ?? '',
    branch_name: branch?.name ?? '',
    domains_added: JSON.stringify(areApplied ? addedDomains(changes) : []),
    domains_removed: JSON.stringify(areApplied ? removedDomains(changes) : []),
    users: JSON.stringify(createdUsers(changes)),
    plan: JSON.stringify(changes.map((change) => ({ ...redactChange(change), sentence: sentence(change) }))),
});
const keyOutputs = (created) => ({
    schema_name: created?.schema_name ?? '',
    pub_client_key: created?.pub_client_key ?? '',
    secret_server_key: created?.secret_server_key ?? '',
});
const omitEmpty = (outputs) => Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''));
const toOutputs = (report) => {
    const { auth, created, skipped } = report;
    const all = {
        ...changeOutputs(report.branch, report.changes, report.action !== 'planned'),
        action_taken: report.action,
        skipped_reason: skipped?.reason ?? '',
        base_url: auth?.baseUrl ?? '',
        jwks_url: auth?.jwksUrl ?? '',
        issuer: auth ? new URL(auth.baseUrl).origin : '',
        database: auth?.integration.db_name ?? '',
        auth_provider: auth?.integration.auth_provider ?? '',
        auth_provider_project_id: auth?.integration.auth_provider_project_id ?? '',
        ...keyOutputs(created),
        trusted_domains: JSON.stringify(report.trustedDomains ?? []),
        callback_urls: JSON.stringify(callbackUrls(report)),
        storage_state: report.session?.storageState ?? '',
        session_user: report.session?.user ?? '',
        verdict: report.diagnosis?.verdict ?? '',
        findings: report.diagnosis ? JSON.stringify(report.diagnosis.findings) : '',
    };
    return omitEmpty(all);
};
const failureOutputs = ({ branch, applied, created }) => omitEmpty({
    ...changeOutputs(branch, applied, true),
    ...keyOutputs(created),
});
class OutputProblem extends core_problem .A {
}
const formatValues = (values) => (0,core_text .fF)(Object.entries(values).map(([name, value]) => `${name}: ${(0,core_text .TN)(value, 2000)}`));
const outputProblem = (what, variable, values, cause) => new OutputProblem({
    what: `${what} could not be written for later steps: ${(0,core_text .TN)((0,core_problem .b)(cause))}`,
    why: `the file that the runner names in the variable ${variable} is missing, is a directory, or is not writable. An earlier step may have changed the variable or deleted the file`,
    fix: `make sure that no step deletes the runner's temporary folder or sets ${variable}, and run the job again. The values are:\n${values}`,
    cause,
});
const writeOutputs = (outputs) => {
    (0,secrets .cl)(outputs.secret_server_key ?? '');
    try {
        for (const [name, value] of Object.entries(outputs))
            setOutput(name, value);
    }
    catch (error) {
        throw outputProblem('The outputs', 'GITHUB_OUTPUT', formatValues(outputs), error);
    }
};
const authEnvironment = ({ auth }) => auth
    ? {
        NEON_AUTH_BASE_URL: auth.baseUrl,
        NEON_AUTH_JWKS_URL: auth.jwksUrl,
        VITE_NEON_AUTH_URL: auth.baseUrl,
        NEXT_PUBLIC_NEON_AUTH_URL: auth.baseUrl,
    }
    : {};
const exportEnvironment = (report) => {
    const variables = authEnvironment(report);
    try {
        for (const [name, value] of Object.entries(variables))
            exportVariable(name, value);
    }
    catch (error) {
        throw outputProblem('The environment variables', 'GITHUB_ENV', formatValues(variables), error);
    }
};
;
const createStepResults = (journal) => {
    const onRunner = isOnRunner(process.env);
    const fail = onRunner ? runner_log_fail : failInTerminal;
    if (onRunner)
        maskSecretsInLog();
    const { log, warnings } = keepWarnings(onRunner ? runnerLog : terminalLog);
    const summarize = async (render) => {
        if (!wantsSummary(readRunnerInput))
            return;
        await writeSummary(() => render(runStamp(process.env, new Date())), log);
    };
    const logStack = (error) => {
        if (error instanceof Error && !(error instanceof core_problem .A))
            log.debug(error.stack ?? '');
    };
    const setOutputs = (outputs) => {
        if (onRunner || process.env['GITHUB_OUTPUT'])
            writeOutputs(outputs);
    };
    return {
        log,
        writeOutcome: async ({ report, inputs }) => {
            setOutputs(toOutputs(report));
            if (inputs.exportEnv)
                exportEnvironment(report);
            log.info(logHeadline(report));
            await summarize((footer) => renderSummary(report, warnings, footer));
            for (const message of diagnosisErrors(report))
                fail(message);
        },
        reportFailure: (error) => {
            logStack(error);
            fail(describeFailedRun(error, journal));
        },
        writeFailure: async (error) => {
            await summarize((footer) => failureSummary(describeFailure(error), journal, warnings, footer));
            try {
                setOutputs(failureOutputs(journal));
            }
            catch (outputError) {
                if (error instanceof OutputProblem)
                    return;
                logStack(outputError);
                fail(describeFailure(outputError));
            }
        },
    };
};
;
const step = async ({ stop, onUncaught }) => {
    const journal = createJournal();
    const { log, writeOutcome, reportFailure, writeFailure } = createStepResults(journal);
    onUncaught((error) => {
        reportFailure(error);
        stop.abort('an internal error');
    });
    try {
        await writeOutcome(await run({ env: process.env, readInput: readRunnerInput, log, stop: stop.signal, journal }));
    }
    catch (error) {
        reportFailure(error);
        await writeFailure(error);
    }
};
;
const CANCEL_SIGNALS = ['SIGINT', 'SIGTERM'];
const abortOnSignal = (stop) => {
    for (const signal of CANCEL_SIGNALS)
        process.once(signal, () => stop.abort(signal));
    for (const stream of [process.stdout, process.stderr])
        stream.on('error', () => stop.abort('SIGPIPE'));
};
const runStepInProcess = () => {
    const stop = new AbortController();
    abortOnSignal(stop);
    return step({ stop, onUncaught: (handler) => void process.on('uncaughtException', handler) });
};
  }),
  1697:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    LH: () => (  OAUTH_PROVIDER_IDS),
    Zy: () => (  oauthProvider),
    zN: () => (  OAUTH_PROVIDERS)
  });
const OAUTH_PROVIDERS = {
    google: {
        name: 'Google',
        console: {
            name: 'Google Cloud console',
            url: 'https://console.cloud.google.com/apis/credentials',
        },
        hasSharedApp: true,
    },
    github: {
        name: 'GitHub',
        console: {
            name: 'GitHub developer settings',
            url: 'https://github.com/settings/developers',
        },
        hasSharedApp: false,
    },
    microsoft: {
        name: 'Microsoft',
        console: {
            name: 'Microsoft Entra admin center',
            url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
        },
        hasSharedApp: false,
    },
    vercel: {
        name: 'Vercel',
        console: { name: 'Vercel dashboard', url: 'https://vercel.com/dashboard' },
        hasSharedApp: false,
    },
};
const OAUTH_PROVIDER_IDS = Object.keys(OAUTH_PROVIDERS);
const oauthProvider = (id) => Object.hasOwn(OAUTH_PROVIDERS, id) ? OAUTH_PROVIDERS[id] : undefined;
  }),
  8268:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Mn: () => (  creationOrder),
    ZY: () => (  orderUsers),
    cu: () => (  rateLimitWarning),
    cw: () => (  hasPassword)
  });
const RATE_LIMIT = { requests: 3, seconds: 10 };
const hasPassword = (user) => user.password !== undefined && user.password !== '';
const creationOrder = (users) => users.filter(hasPassword).length <= RATE_LIMIT.requests
    ? users
    : users.toSorted((a, b) => Number(hasPassword(a)) - Number(hasPassword(b)));
const orderUsers = async (settingsUsers, exists) => {
    const users = creationOrder(settingsUsers);
    const withPassword = users.filter(hasPassword);
    if (withPassword.length <= RATE_LIMIT.requests)
        return { users, likelyExisting: new Set() };
    let [low, high] = [0, withPassword.length];
    while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const user = withPassword[middle];
        if (user && (await exists(user)))
            low = middle + 1;
        else
            high = middle;
    }
    const likelyExisting = new Set(withPassword.slice(0, low));
    return {
        users: [...users.filter((user) => !likelyExisting.has(user)), ...likelyExisting],
        likelyExisting,
    };
};
const rateLimitWarning = (users, seconds) => {
    const count = users.filter(hasPassword).length;
    const needed = (Math.ceil(count / RATE_LIMIT.requests) - 1) * RATE_LIMIT.seconds;
    if (needed < seconds)
        return undefined;
    return `${count} users with a password may need ${needed} seconds to sign up, because by default Better Auth accepts only ${RATE_LIMIT.requests} sign-ups every ${RATE_LIMIT.seconds} seconds, but the run has only ${Math.floor(seconds)} seconds left. Raise \`timeout\`, or shorten \`users\`. If the time runs out, the next run creates the missing users first.`;
};
  }),
  7177:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    R: () => (  PLUGINS),
    Y: () => (  PLUGIN_LABELS)
  });
const PLUGIN_LABELS = {
    organization: 'organizations',
    magic_link: 'magic links',
    phone_number: 'phone numbers',
};
const PLUGINS = Object.keys(PLUGIN_LABELS);
  }),
  4720:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    cP: () => (  signUpProblem),
    nF: () => (  passwordsOffProblem),
    vW: () => (  PASSWORDS_OFF)
  });
  var _auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9205);
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(652);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(2020);
const WITHOUT_PASSWORD = 'remove `password` from the user to create them without one';
const PASSWORDS_OFF = {
    why: 'sign-in with email and password is off on this branch, inherited from its parent or turned off by an earlier run',
    fix: 'add `email_and_password: { enabled: true }` to `settings`',
};
const SIGN_UP_WITH_PASSWORDS_OFF = {
    ...PASSWORDS_OFF,
    fix: `${PASSWORDS_OFF.fix}, or ${WITHOUT_PASSWORD}`,
};
const SIGN_UP_CLOSED = {
    why: 'sign-up was closed (`email_and_password.disable_sign_up`), and the auth service still refuses sign-ups although the run opened it',
    fix: 'run the job again',
};
const BY_CODE = {
    INVALID_EMAIL: {
        why: 'Better Auth does not accept this email address',
        fix: 'correct `email` in `users`',
    },
    PASSWORD_TOO_SHORT: {
        why: 'the password is too short',
        fix: 'use a longer password: Better Auth requires at least 8 characters by default',
    },
    PASSWORD_TOO_LONG: {
        why: 'the password is too long',
        fix: 'use a shorter password: Better Auth accepts up to 128 characters by default',
    },
    PASSWORD_COMPROMISED: {
        why: 'the password is on a public list of leaked passwords',
        fix: 'use another password',
    },
    INVALID_PASSWORD: {
        why: 'Better Auth does not accept this password',
        fix: 'use another password',
    },
    SIGN_UP_REJECTED: {
        why: 'the webhook for `user.before_create`, from `settings` or inherited, refused the user',
        fix: 'let the webhook accept this user, or turn it off with `webhook: { enabled: false }` in `settings`',
    },
    FAILED_TO_CREATE_USER: {
        why: 'the auth service could not store the user; a webhook or a database trigger may have refused it',
        fix: 'look at the webhook for `user.before_create` and at triggers on `neon_auth."user"`',
    },
};
const untrustedOrigin = (origin) => ({
    why: `the auth service does not trust ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_2__  .TN)(origin, 200)}, the origin of the sign-up`,
    fix: "pass the preview's URL in `trusted_domains`, or run the job again if it was just added",
});
const explainStatus = ({ status, ok }) => {
    if (status === 429) {
        return {
            why: 'the auth service limits how many sign-ups it accepts in a short time',
            fix: 'raise `timeout`, or run the job again: it creates the missing users first',
        };
    }
    if (ok) {
        return {
            why: 'something other than the auth service answered, such as a proxy, or the API has changed',
            fix: 'check that the runner reaches `base_url` directly (HTTPS_PROXY, NO_PROXY)',
        };
    }
    if (status >= 500) {
        return {
            why: 'the auth service failed, or its compute is starting',
            fix: 'run the job again, and look at https://neonstatus.com',
        };
    }
    return {
        why: 'the auth service refuses this user, for a reason that this action does not know',
        fix: `read the response above, or ${WITHOUT_PASSWORD}`,
    };
};
const explain = (response, origin) => {
    if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .Dz)(response) || (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .ii)(response))
        return untrustedOrigin(origin);
    if (response.code === 'MISSING_OR_NULL_ORIGIN')
        return untrustedOrigin(origin);
    if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .pd)(response))
        return SIGN_UP_CLOSED;
    if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  ._S)(response))
        return SIGN_UP_WITH_PASSWORDS_OFF;
    const prefix = Object.keys(BY_CODE).find((known) => response.code.startsWith(known));
    return (prefix && BY_CODE[prefix]) || explainStatus(response);
};
const signUpProblem = (email, origin, response) => {
    const suffix = response.ok ? ', without a user ID' : '';
    return new _core_problem_js__WEBPACK_IMPORTED_MODULE_1__  .A({
        what: `Could not sign up the user ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_2__  .TN)(email, 100)}.`,
        response: `${(0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .Ep)(response)}${suffix}.`,
        ...explain(response, origin),
    });
};
const passwordsOffProblem = (email) => new _core_problem_js__WEBPACK_IMPORTED_MODULE_1__  .A({
    what: `Could not sign up the user ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_2__  .TN)(email, 100)}, who has a password in \`settings\`.`,
    ...SIGN_UP_WITH_PASSWORDS_OFF,
});
  }),
  8120:
  ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {
  __nccwpck_require__.d(__webpack_exports__, {
    Jv: () => (  signIn),
    Kp: () => (  provesSignUpOpen),
    sI: () => (  userExists),
    wc: () => (  signUpIfMissing)
  });
  var _auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9205);
  var _core_deadline_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(4717);
  var _core_optional_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(1799);
  var _network_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1207);
  var _network_lost_writes_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8267);
  var _network_poll_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(305);
  var _sign_up_refusals_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(4720);
const EXISTED = { outcome: 'existed' };
const SIGN_IN_REFUSED = 'INVALID_EMAIL_OR_PASSWORD';
const USER_REFUSED = /^(USER_ALREADY_EXISTS|INVALID_EMAIL$|INVALID_PASSWORD$|PASSWORD_|SIGN_UP_REJECTED|FAILED_TO_CREATE_)/;
const PROPAGATION_MS = 30_000;
const createdResult = (id) => ({
    outcome: 'created',
    ...(id !== undefined && { id }),
});
const untilOriginTrusted = async (send, { origin, deadline, log }) => {
    const { value } = await (0,_network_poll_js__WEBPACK_IMPORTED_MODULE_4__  .g)({
        deadline,
        patienceMs: PROPAGATION_MS,
        waitingFor: `waiting for ${origin} to be trusted`,
        attempt: async (attempt) => {
            const value = await send();
            const done = !(0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .Dz)(value);
            if (!done && attempt === 0)
                log.info(`${origin} is not trusted yet; trying again`);
            return { done, value, failure: (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .Ep)(value) };
        },
    });
    return value;
};
const NOT_VERIFIED = 'Email verification is required on this branch, so users in `settings` whose address is not verified cannot sign in. To let them sign in at once, add `email_and_password: { require_email_verification: false }` to `settings`.';
const signIn = async ({ email, password }, context) => {
    const { service, origin, log } = context;
    const send = () => service.signIn({ email, password, origin });
    const response = await (0,_network_lost_writes_js__WEBPACK_IMPORTED_MODULE_3__  .gf)(() => untilOriginTrusted(send, context), context);
    if (response.code === 'EMAIL_NOT_VERIFIED')
        log.warning(NOT_VERIFIED);
    return response;
};
const provesUserExists = ({ userId, code }) => userId !== undefined || code === 'EMAIL_NOT_VERIFIED';
const provesSignUpOpen = (response) => {
    if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .pd)(response))
        return false;
    const { userId, code } = response;
    return userId !== undefined || USER_REFUSED.test(code) ? true : undefined;
};
const userExists = async (user, context) => provesUserExists(await signIn(user, context));
const AGE_MARGIN_MS = 60_000;
const lostSignUpResult = (signedIn, { wasMissing, lostSince }) => {
    if (lostSince === undefined || signedIn.code === SIGN_IN_REFUSED)
        return EXISTED;
    const { userId, userAgeMs } = signedIn;
    if (wasMissing && provesUserExists(signedIn))
        return createdResult(userId);
    if (userAgeMs === undefined)
        return { outcome: 'may_be_created', ...(0,_core_optional_js__WEBPACK_IMPORTED_MODULE_6__  .l)('id', userId) };
    const elapsedMs = performance.now() - lostSince;
    return userAgeMs <= elapsedMs + AGE_MARGIN_MS ? createdResult(userId) : EXISTED;
};
const signUp = async (user, attempts, context) => {
    const { service, origin } = context;
    const { email, password, name = email } = user;
    const send = () => untilOriginTrusted(() => service.signUp({ email, password, name, origin }), context);
    const sentAt = performance.now();
    try {
        return await send();
    }
    catch (error) {
        if (!(0,_network_errors_js__WEBPACK_IMPORTED_MODULE_2__  .e)(error))
            throw error;
        attempts.lostSince ??= sentAt;
        const signedIn = await (0,_core_deadline_js__WEBPACK_IMPORTED_MODULE_1__  .Y_)(error.summary, () => signIn(user, context));
        if (!provesUserExists(signedIn))
            return send();
        return { ...signedIn, afterLoss: lostSignUpResult(signedIn, attempts) };
    }
};
const openAndSignUp = async (user, attempts, context) => {
    await context.openSignUp();
    const { value } = await (0,_network_poll_js__WEBPACK_IMPORTED_MODULE_4__  .g)({
        deadline: context.deadline,
        patienceMs: PROPAGATION_MS,
        waitingFor: 'waiting for sign-up to be open',
        attempt: async () => {
            const value = await signUp(user, attempts, context);
            return { done: !(0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .pd)(value), value, failure: (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .Ep)(value) };
        },
    });
    return value;
};
const confirmCreated = async (user, { userId, hasSession, afterLoss }, attempts, context) => {
    if (afterLoss)
        return afterLoss;
    if (hasSession)
        return createdResult(userId);
    const signedIn = await signIn(user, context);
    if (signedIn.code === SIGN_IN_REFUSED)
        return { outcome: 'different_password' };
    if (signedIn.userId !== undefined && signedIn.userId !== userId)
        return lostSignUpResult(signedIn, attempts);
    if (context.requiresVerification && !provesUserExists(signedIn))
        throw (0,_sign_up_refusals_js__WEBPACK_IMPORTED_MODULE_5__  .cP)(user.email, context.origin, signedIn);
    const mayBeInvented = attempts.lostSince !== undefined && signedIn.userId === undefined;
    return mayBeInvented ? lostSignUpResult(signedIn, attempts) : createdResult(userId);
};
const signUpAndConfirm = async (user, attempts, context) => {
    let response = await signUp(user, attempts, context);
    if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  .pd)(response)) {
        const signedIn = await signIn(user, context);
        if (provesUserExists(signedIn))
            return lostSignUpResult(signedIn, attempts);
        if ((0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_0__  ._S)(signedIn))
            throw (0,_sign_up_refusals_js__WEBPACK_IMPORTED_MODULE_5__  .nF)(user.email);
        attempts.wasMissing ||= signedIn.code === SIGN_IN_REFUSED;
        response = await openAndSignUp(user, attempts, context);
    }
    if (response.code.startsWith('USER_ALREADY_EXISTS')) {
        if (attempts.lostSince === undefined)
            return EXISTED;
        return lostSignUpResult(await signIn(user, context), attempts);
    }
    if (!provesUserExists(response))
        throw (0,_sign_up_refusals_js__WEBPACK_IMPORTED_MODULE_5__  .cP)(user.email, context.origin, response);
    return confirmCreated(user, response, attempts, context);
};
const signUpIfMissing = async (user, context) => {
    const before = context.requiresVerification ? await signIn(user, context) : undefined;
    if (before && provesUserExists(before))
        return EXISTED;
    const attempts = { wasMissing: before?.code === SIGN_IN_REFUSED };
    return (0,_network_lost_writes_js__WEBPACK_IMPORTED_MODULE_3__  .Pk)(() => attempts.lostSince !== undefined, () => signUpAndConfirm(user, attempts, context));
};
  }),
  9896:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");
  }),
  4589:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");
  }),
  6698:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");
  }),
  4573:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");
  }),
  7598:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
  }),
  3053:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");
  }),
  8474:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");
  }),
  3024:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
  }),
  7067:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
  }),
  7030:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");
  }),
  8161:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
  }),
  6760:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
  }),
  1792:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");
  }),
  7075:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");
  }),
  1692:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");
  }),
  3136:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");
  }),
  7975:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");
  }),
  857:
  ((module) => {
module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");
  })
  });
  var __webpack_module_cache__ = {};
  function __nccwpck_require__(moduleId) {
  	var cachedModule = __webpack_module_cache__[moduleId];
  	if (cachedModule !== undefined) {
  		return cachedModule.exports;
  	}
  	var module = __webpack_module_cache__[moduleId] = {
  		exports: {}
  	};
  	var threw = true;
  	try {
  		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
  		threw = false;
  	} finally {
  		if(threw) delete __webpack_module_cache__[moduleId];
  	}
  	return module.exports;
  }
  __nccwpck_require__.m = __webpack_modules__;
  if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
  (() => {
  	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
  	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
  	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
  	var resolveQueue = (queue) => {
  		if(queue && queue.d < 1) {
  			queue.d = 1;
  			queue.forEach((fn) => (fn.r--));
  			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
  		}
  	}
  	var wrapDeps = (deps) => (deps.map((dep) => {
  		if(dep !== null && typeof dep === "object") {
  			if(dep[webpackQueues]) return dep;
  			if(dep.then) {
  				var queue = [];
  				queue.d = 0;
  				dep.then((r) => {
  					obj[webpackExports] = r;
  					resolveQueue(queue);
  				}, (e) => {
  					obj[webpackError] = e;
  					resolveQueue(queue);
  				});
  				var obj = {};
  				obj[webpackQueues] = (fn) => (fn(queue));
  				return obj;
  			}
  		}
  		var ret = {};
  		ret[webpackQueues] = x => {};
  		ret[webpackExports] = dep;
  		return ret;
  	}));
  	__nccwpck_require__.a = (module, body, hasAwait) => {
  		var queue;
  		hasAwait && ((queue = []).d = -1);
  		var depQueues = new Set();
  		var exports = module.exports;
  		var currentDeps;
  		var outerResolve;
  		var reject;
  		var promise = new Promise((resolve, rej) => {
  			reject = rej;
  			outerResolve = resolve;
  		});
  		promise[webpackExports] = exports;
  		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
  		module.exports = promise;
  		body((deps) => {
  			currentDeps = wrapDeps(deps);
  			var fn;
  			var getResult = () => (currentDeps.map((d) => {
  				if(d[webpackError]) throw d[webpackError];
  				return d[webpackExports];
  			}))
  			var promise = new Promise((resolve) => {
  				fn = () => (resolve(getResult));
  				fn.r = 0;
  				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
  				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
  			});
  			return fn.r ? promise : getResult();
  		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
  		queue && queue.d < 0 && (queue.d = 0);
  	};
  })();
  (() => {
  	__nccwpck_require__.n = (module) => {
  		var getter = module && module.__esModule ?
  			() => (module['default']) :
  			() => (module);
  		__nccwpck_require__.d(getter, { a: getter });
  		return getter;
  	};
  })();
  (() => {
  	__nccwpck_require__.d = (exports, definition) => {
  		for(var key in definition) {
  			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
  				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
  			}
  		}
  	};
  })();
  (() => {
  	__nccwpck_require__.f = {};
  	__nccwpck_require__.e = (chunkId) => {
  		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
  			__nccwpck_require__.f[key](chunkId, promises);
  			return promises;
  		}, []));
  	};
  })();
  (() => {
  	__nccwpck_require__.u = (chunkId) => {
  		return "" + chunkId + ".index.js";
  	};
  })();
  (() => {
  	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
  })();
  (() => {
  	__nccwpck_require__.r = (exports) => {
  		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
  			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
  		}
  		Object.defineProperty(exports, '__esModule', { value: true });
  	};
  })();
  (() => {
  	var installedChunks = {
  		792: 0
  	};
  	var installChunk = (data) => {
  		var {ids, modules, runtime} = data;
  		var moduleId, chunkId, i = 0;
  		for(moduleId in modules) {
  			if(__nccwpck_require__.o(modules, moduleId)) {
  				__nccwpck_require__.m[moduleId] = modules[moduleId];
  			}
  		}
  		if(runtime) runtime(__nccwpck_require__);
  		for(;i < ids.length; i++) {
  			chunkId = ids[i];
  			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
  				installedChunks[chunkId][0]();
  			}
  			installedChunks[ids[i]] = 0;
  		}
  	}
  	__nccwpck_require__.f.j = (chunkId, promises) => {
  			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
  			if(installedChunkData !== 0) {
  				if(installedChunkData) {
  					promises.push(installedChunkData[1]);
  				} else {
  					if(true) {
  						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
  							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
  							throw e;
  						});
  						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
  						promises.push(installedChunkData[1] = promise);
  					}
  				}
  			}
  	};
  })();
  var __webpack_exports__ = __nccwpck_require__(1730);
  __webpack_exports__ = await __webpack_exports__;