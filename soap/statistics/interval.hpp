// What a figure lies between.
#pragma once

namespace soap {

/// Both ends belong to it.
struct Interval {
  double low;
  double high;

  [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace soap
