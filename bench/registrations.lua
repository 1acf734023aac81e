-- Posts registrations of ever new people; each wrk thread has its own range of numbers.
local thread_count = 0
function setup(thread)
    thread:set("id", thread_count)
    thread_count = thread_count + 1
end

local number = 0
local started
function init(args)
    started = args[1] or "0"
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
    number = number + 1
    local body = "category=attendee&given_name=Ada&family_name=Lovelace" .. id .. "x" .. number ..
        "&native_name=&organisation=Analytical+Society&position=Countess&country=GB&accept_privacy=on" ..
        "&email=guest-" .. started .. "-" .. id .. "-" .. number .. "%40example.org"
    return wrk.format(nil, nil, nil, body)
end

-- Anything but 303 is a failure: count them.
local wrong = 0
function response(status)
    if status ~= 303 then wrong = wrong + 1 end
end

function done(summary, latency, requests)
    io.write(string.format("RESULT %d %.6f %d\n", summary.requests, summary.duration / 1e6, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
