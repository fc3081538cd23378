// One line for the runs that differ only in their seeds.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "soap/io/metrics_csv.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Values of one run over ascending x.
struct SampledCurve {
  std::vector<double> x = {};
  std::vector<double> y = {};
};

/// The mean of the curves at every x that one of them has, in a band from the lowest to the highest where
/// there are several. Between its samples a curve is taken on the straight line; before the first and after
/// the last, and where it is not finite, it does not count.
Series average_over_seeds(std::span<const SampledCurve> curves);

/// Whether two runs belong into one line.
bool differ_in_seed_only(const RunLabel& a, const RunLabel& b);

/// A line's name among the lines of a picture: its rule, and its step kind and learning rate where there are
/// several.
std::string line_name(const RunLabel& run, std::span<const RunLabel> runs);

}  // namespace SOAP_ABI
}  // namespace soap
