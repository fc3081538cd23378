// The list of a chart's series.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "soap/plot/canvas.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Measured when made, so that a place can be found for it, and drawn later.
class Legend {
 public:
  /// Keeps a reference to the chart. Labels longer than `most_width` allows are wrapped.
  Legend(const Chart& chart, double most_width);

  /// No series has a label.
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }

  void draw(Canvas& canvas, Point top_left) const;

 private:
  struct Entry {
    std::size_t series;
    std::vector<std::string> lines;
  };

  const Chart* chart_;
  std::vector<Entry> entries_;
  double width_ = 0;
  double height_ = 0;
};

/// The same below a chart or a whole figure: entries side by side, in as many rows as it takes, over small
/// print.
class LegendStrip {
 public:
  /// Of the chart's series with labels, in their looks.
  LegendStrip(const Chart& chart, const std::string& note, double width);

  [[nodiscard]] double height() const { return height_; }
  void draw(Canvas& canvas, Point top_left) const;

 private:
  struct Entry {
    std::size_t series;
    double left;
    double middle;  // of its first line, below the strip's top
    std::vector<std::string> lines;
  };

  Chart chart_;  // of the entries, for their looks
  std::vector<Entry> entries_;
  std::vector<std::string> note_;
  double height_ = 0;
};

}  // namespace SOAP_ABI
}  // namespace soap
