-- Sends the requests of a plan, which is a Lua file that returns method, headers, paths, bodies.
-- One line of JSON at the end says how many were answered.

function init(arguments)
  local plan = dofile(arguments[1])
  requests = {}
  count = math.max(#plan.paths, #plan.bodies)
  for i = 1, count do
    local path = plan.paths[(i - 1) % #plan.paths + 1]
    local body = plan.bodies[i]
    requests[i] = wrk.format(plan.method, path, plan.headers, body)
  end
  sent = 0
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % count + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "bytes": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
