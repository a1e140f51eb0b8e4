-- What wrk asks, by ASK: `may`, `settings` or `webhook` of the service, and `read`, `write` or `append` of the bare handler.
-- `may` and `read` ask for one row again and again; each other request changes something that no request changed before.

local ask = os.getenv("ASK")
local folder = os.getenv("FOLDER")
local admin = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000001"
local orders = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-0000000000c0"
local supervisor = "00000000-0000-0000-0000-00000000ba5e/00000000-0000-0000-0000-000000000004"
local secret = "the stand-in signs with this, and it is no secret"
local per_thread = tonumber(os.getenv("PER_THREAD") or 32) -- channels, in turn

local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

-- HMAC-SHA256 of libcrypto, which wrk has with it.
local function signer()
    local ffi = require("ffi")
    ffi.cdef [[
        const void *EVP_sha256(void);
        unsigned char *HMAC(const void *md, const void *key, int key_len, const char *data, size_t len,
                            unsigned char *out, unsigned int *out_len);
    ]]
    local crypto = ffi.load("libcrypto.so.3")
    local out, length = ffi.new("unsigned char[32]"), ffi.new("unsigned int[1]")
    local digits = {}
    for byte = 0, 255 do digits[byte] = string.format("%02x", byte) end
    return function(body)
        crypto.HMAC(crypto.EVP_sha256(), secret, #secret, body, #body, out, length)
        local hex = {}
        for n = 0, 31 do hex[n + 1] = digits[out[n]] end
        return "sha256=" .. table.concat(hex)
    end
end

-- What Meta tells most often: that a message was delivered.
local body_of_status = '{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"field":"messages",'
    .. '"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"494012345678",'
    .. '"phone_number_id":"106540352242922"},"statuses":[{"id":"wamid.%s","status":"delivered","timestamp":"1760000000",'
    .. '"recipient_id":"4915100000001"}]}}]}]}'

local count, run = 0, ""
local channels, at = {}, {}
local sign, turn
versions, stale = "", 0

-- Each thread has channels of its own, and knows from the run before at which version they are.
local function read_channels()
    local file = io.open(folder .. "/versions-" .. number)
    local line = 0
    for channel in io.lines(folder .. "/channels") do
        if math.floor(line / per_thread) == number then table.insert(channels, channel) end
        line = line + 1
    end
    for n = 1, #channels do at[n] = file and file:read("*n") or 0 end
    if file then file:close() end
end

function init()
    -- Different in every run, and not as its name is.
    run = string.format("%s.%d.%d", os.getenv("RUN") or "0", os.time(), number)
    if ask == "settings" then read_channels() end
    if ask == "webhook" or ask == "append" then sign = signer() end
end

function request()
    count = count + 1
    local unique = run .. "." .. count
    if ask == "may" then return wrk.format("GET", "/api/channels/" .. orders .. "/may/reply", { ["X-User"] = supervisor }) end
    if ask == "read" then return wrk.format("GET", "/read/1") end
    if ask == "write" then
        local row = number * per_thread + count % per_thread
        return wrk.format("PATCH", "/write/" .. row, {}, '{"resolve_reason":"' .. unique .. '"}')
    end
    if ask == "settings" then
        turn = count % #channels + 1
        local headers = { ["X-User"] = admin, ["Content-Type"] = "application/json", ["If-Match"] = '"' .. at[turn] .. '"' }
        local path = "/api/channels/" .. channels[turn] .. "/settings"
        return wrk.format("PATCH", path, headers, '{"resolve_reason":"' .. unique .. '"}')
    end
    local body = string.format(body_of_status, unique)
    local headers = { ["Content-Type"] = "application/json", ["X-Hub-Signature-256"] = sign(body) }
    return wrk.format("POST", ask == "append" and "/append" or "/webhook", headers, body)
end

-- One connection a thread, so that the answer is that to the latest request.
if ask == "settings" then
    function response(status, headers, body)
        local tag = headers["etag"] or headers["ETag"]
        if tag then at[turn] = tonumber(tag:match("%d+")) end
        if status == 412 then
            -- The answer to the last change of the run before was not waited for.
            stale = stale + 1
            at[turn] = tonumber(body:match('"current":(%d+)'))
        end
        versions = table.concat(at, " ")
    end
end

function done(summary, latency)
    local expected = 0
    if ask == "settings" then
        for n, thread in ipairs(threads) do
            local file = io.open(folder .. "/versions-" .. (n - 1), "w")
            file:write(thread:get("versions"))
            file:close()
            expected = expected + thread:get("stale")
        end
    end
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout - expected
    local seconds = summary.duration / 1e6
    print(string.format("RESULT %.1f %.3f %.3f %d", summary.requests / seconds, latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3, failed))
end
