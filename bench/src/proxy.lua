-- wrk asks through a forward proxy: whole addresses in the request line. Arguments: a file of hosts, what follows each host in an address.
local requests, count, at = {}, 0, 0
function init(arguments)
  for host in io.lines(arguments[1]) do
    count = count + 1
    requests[count] = wrk.format("GET", "http://" .. host .. arguments[2], {
      ["Host"] = host .. arguments[2]:match("^[^/]*"),
      -- Browsers say it, and e2guardian closes without it.
      ["Connection"] = "keep-alive",
      ["Accept"] = "text/html",
      ["User-Agent"] = "Mozilla/5.0 (bench)",
    })
  end
end
function request()
  at = at % count + 1
  return requests[at]
end
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("figures requests=%d us=%d p50_us=%d p99_us=%d most_us=%d refused=%d broken=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
