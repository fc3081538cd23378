// What the step programs share: their command line and the clock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "workload.hpp"

namespace bench {

/// Takes so many training steps.
using Steps = std::function<void(std::int64_t steps)>;
/// Makes a network and a batch; threads is what it may use.
using StepsMaker = std::function<Steps(const Workload& workload, int threads)>;

/// Thrown by a StepsMaker whose library lacks something that the workload asks for.
class CannotDo : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

inline constexpr int bad_input = 2;
inline constexpr int cannot_do = 3;

inline double time(const Steps& run, std::int64_t steps) {
  const auto start = std::chrono::steady_clock::now();
  run(steps);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Warms up for half as long as it is to measure, then takes the median of ten stretches.
inline double seconds_per_step(const Steps& run, double seconds) {
  constexpr int stretches = 10;
  run(1);
  std::int64_t steps = 0;
  double taken = 0;
  for (std::int64_t some = 1; taken < seconds / 2; some *= 2) {
    taken += time(run, some);
    steps += some;
  }
  const double each = taken / static_cast<double>(steps);
  const auto stretch = std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds / stretches / each));
  std::vector<double> times;
  for (int i = 0; i < stretches; ++i) times.push_back(time(run, stretch) / static_cast<double>(stretch));
  std::sort(times.begin(), times.end());
  return (times[stretches / 2 - 1] + times[stretches / 2]) / 2;
}

inline int complain(const std::string& program, const std::exception& error, int status) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
  return status;
}

}  // namespace detail

/// The body of a step program: `program WORKLOAD THREADS SECONDS` prints the seconds that one step takes.
/// Returns its exit status.
inline int run_steps(const std::string& program, int argc, const char* const* argv, const StepsMaker& make) {
  try {
    if (argc != 4) throw std::invalid_argument("expected the arguments WORKLOAD THREADS SECONDS");
    const Workload workload = parse_workload(argv[1]);
    const int threads = detail::positive(argv[1], argv[2]);
    const double seconds = std::atof(argv[3]);
    if (!(seconds > 0)) {
      throw std::invalid_argument("seconds: found '" + std::string(argv[3]) + "', expected a number above 0");
    }
    std::printf("%.9g\n", detail::seconds_per_step(make(workload, threads), seconds));
    return 0;
  } catch (const CannotDo& error) {
    return detail::complain(program, error, detail::cannot_do);
  } catch (const std::invalid_argument& error) {
    return detail::complain(program, error, detail::bad_input);
  } catch (const std::exception& error) {
    return detail::complain(program, error, 1);
  }
}

}  // namespace bench
