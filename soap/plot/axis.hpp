// Axes: which values are shown, where a value stands, and where the ticks go.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

enum class AxisScale { linear, log };

/// A part of an axis in front of its numbers, for what has no place among them: zero on a log axis.
struct AxisAside {
  double until = 0;  ///< from the low end of the axis
  std::string name = {};
};

struct Axis {
  std::string label = {};
  AxisScale scale = AxisScale::linear;
  /// Limits; one that is not given comes from the data.
  std::optional<double> low = std::nullopt;
  std::optional<double> high = std::nullopt;
  /// Numbers on a linear axis stand at least this far apart: 1 where it counts something.
  double least_tick_step = 0;
  /// What stands at 0, 1, 2, ... in place of numbers.
  std::vector<std::string> names = {};
  std::optional<AxisAside> aside = std::nullopt;
};

/// On a log axis of numbers from `least` to `most` the point that lies a share of its length, but at least of
/// a decade, above `from`; below it for a share below 0. Never 0 or infinity.
double beside(double least, double most, double from, double share);

/// Gives a log axis of numbers from `least` to `most` an aside, as wide as a share of them.
void add_aside(Axis& axis, double least, double most, std::string name);

/// The values from one end of an axis to the other.
class AxisRange {
 public:
  /// `low` < `high`, both above 0 on a log axis.
  AxisRange(AxisScale scale, double low, double high);

  [[nodiscard]] AxisScale scale() const { return scale_; }
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

  /// 0 at the low end and 1 at the high one; NaN for a value without a place: not finite, beyond 1e300, or
  /// not positive on a log axis.
  [[nodiscard]] double position(double value) const;
  /// The inverse.
  [[nodiscard]] double value_at(double position) const;
  /// The range whose low end stands at `position` (below 0) of this one.
  [[nodiscard]] AxisRange lowered_to(double position) const;

 private:
  AxisScale scale_;
  double low_;
  double high_;
};

/// The range that shows the axis's limits or else all values, with `padding` (a share of the length) beyond
/// those at the ends that are not given. Throws std::invalid_argument for limits that are not finite, not in
/// order, or not positive on a log axis.
AxisRange fit_range(const Axis& axis, std::span<const double> values, double padding);

struct Tick {
  double position = 0;  // as AxisRange::position
  std::string label;    // empty on a minor tick
};

/// About `most` labeled ticks, two if that is possible: steps of 1, 2 or 5 times a power of ten, at least
/// `least_step`, on a linear axis; powers of ten on a log axis and, where it shows less than two of them, 1,
/// 2 and 5 times each.
std::vector<Tick> ticks(const AxisRange& range, int most, double least_step = 0);

/// The axis's names, each at its number, where it has some; else as above, with the aside's name in the
/// middle of it.
std::vector<Tick> ticks(const Axis& axis, const AxisRange& range, int most);

}  // namespace SOAP_ABI
}  // namespace soap
