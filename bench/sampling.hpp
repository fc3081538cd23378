// Measures contenders side by side, so that whatever disturbs the machine disturbs all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// Does the work so many times.
using Run = std::function<void(std::int64_t iterations)>;

/// "1.23 ms", with three digits and the unit that suits.
std::string duration(double seconds);

/// What is measured: one way to do a group's work.
struct Contender {
  std::string name;
  double flops = 0;  ///< floating-point operations of one iteration; 0 where nobody counts them
  double items = 0;  ///< elements or examples of one iteration; 0 where nobody counts them
  std::function<std::string(double seconds)> show = duration;  ///< one iteration's time, for the table
};

/// One line of the table.
struct Row {
  std::string what, threads, median, spread, gflops, percent, eigen, openblas, blis, ratio;
};

/// Contenders that take turns.
struct Group {
  std::string name;   ///< for names to select by: "gemm/forward/256x784x64"
  std::string title;  ///< for the table: "gemm forward 256x784x64"
  int threads = 1;
  std::vector<Contender> contenders;
  std::function<std::vector<Run>()> make;  ///< the work of each contender, made only when it is its turn
  std::function<std::vector<Row>(const Group&)> rows;  ///< for the table

  /// By contender and round, seconds of one iteration; empty until `measure`.
  std::vector<std::vector<double>> seconds = {};
};

struct Pace {
  int rounds;      ///< repetitions of each contender
  double timed;    ///< about how many seconds one repetition lasts: so many iterations, but at least one
  double warm_up;  ///< about how many seconds come before each repetition
};

/// Fills `group.seconds`, if that has not happened yet: in each round every contender has a turn.
void measure(Group& group, const Pace& pace);

double median(std::vector<double> values);
/// Half the range of the middle half, as a share of the median.
double spread(const std::vector<double>& seconds);
/// The median over the rounds of how many times as long the one took as the other.
double time_ratio(const Group& group, std::size_t contender, std::size_t other);

/// Floating-point operations per second at the contender's median.
double flop_rate(const Group& group, std::size_t contender);
/// The contender's rate as a share of that of the group's "peak", and 0 where there is none.
double share_of_peak(const Group& group, std::size_t contender);

}  // namespace bench
