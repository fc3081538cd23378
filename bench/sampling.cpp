#include "sampling.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "soap/base/text.hpp"

namespace bench {

namespace {

double time(const Run& run, std::int64_t iterations) {
  const auto start = std::chrono::steady_clock::now();
  run(iterations);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Seconds of one iteration, found by trying until a try lasts a quarter of what is asked for.
double seconds_each(const Run& run, double seconds) {
  run(1);  // the first makes buffers and threads
  std::int64_t iterations = 1;
  double taken = time(run, iterations);
  while (taken < seconds / 4) {
    const double factor = taken > 0 ? std::clamp(seconds / 2 / taken, 2.0, 16.0) : 16.0;
    iterations = static_cast<std::int64_t>(static_cast<double>(iterations) * factor);
    taken = time(run, iterations);
  }
  return taken / static_cast<double>(iterations);
}

struct Counts {
  std::int64_t warm_up;
  std::int64_t timed;
};

Counts iterations_for(const Run& run, const Pace& pace) {
  const double each = seconds_each(run, pace.timed);
  const auto lasting = [&](double seconds) {
    return static_cast<std::int64_t>(std::max(1.0, std::ceil(seconds / each)));
  };
  return {lasting(pace.warm_up), lasting(pace.timed)};
}

// The value at a share of the way through the sorted values, between two of them where it falls there.
double quantile(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

}  // namespace

std::string duration(double seconds) {
  struct Unit {
    double seconds;
    const char* name;
  };
  constexpr Unit units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
  const Unit* unit = std::find_if(std::begin(units), std::end(units) - 1,
                                  [&](const Unit& candidate) { return seconds >= candidate.seconds; });
  const double number = seconds / unit->seconds;
  return soap::fixed(number, number < 10 ? 2 : (number < 100 ? 1 : 0)) + ' ' + unit->name;
}

void measure(Group& group, const Pace& pace) {
  if (!group.seconds.empty()) return;
  const std::vector<Run> runs = group.make();
  std::vector<Counts> counts;
  for (const Run& run : runs) counts.push_back(iterations_for(run, pace));

  // The contenders keep thread pools of their own, whose idle threads spin for some milliseconds before they
  // sleep. Each contender therefore warms up right before it is timed, until its predecessor's threads are
  // asleep; it also finds its own awake, its data in the caches and the clock at the pace that its
  // instructions allow. Turns start with another contender each round, so that none always comes first.
  std::vector<std::vector<double>> seconds(runs.size());
  for (int round = 0; round < pace.rounds; ++round) {
    for (std::size_t turn = 0; turn < runs.size(); ++turn) {
      const std::size_t i = (turn + static_cast<std::size_t>(round)) % runs.size();
      runs[i](counts[i].warm_up);
      seconds[i].push_back(time(runs[i], counts[i].timed) / static_cast<double>(counts[i].timed));
    }
  }
  group.seconds = std::move(seconds);
}

double median(std::vector<double> values) { return quantile(values, 0.5); }

double spread(const std::vector<double>& seconds) {
  std::vector<double> values = seconds;
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / quantile(values, 0.5);
}

double time_ratio(const Group& group, std::size_t contender, std::size_t other) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < group.seconds[contender].size(); ++round)
    ratios.push_back(group.seconds[contender][round] / group.seconds[other][round]);
  return median(std::move(ratios));
}

double flop_rate(const Group& group, std::size_t contender) {
  return group.contenders[contender].flops / median(group.seconds[contender]);
}

double share_of_peak(const Group& group, std::size_t contender) {
  for (std::size_t i = 0; i < group.contenders.size(); ++i)
    if (group.contenders[i].name == "peak") return flop_rate(group, contender) / flop_rate(group, i);
  return 0;
}

}  // namespace bench
