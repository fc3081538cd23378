#include "soap/plot/forest.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr Color pale = color(0x9A9A9A);
constexpr double mean_radius = 4.2;
constexpr double value_radius = 2;
constexpr double below_the_mean = 0.22;  // of the distance between rows
constexpr double row_margin = 0.6;

}  // namespace

Chart forest_chart(const std::vector<ForestRow>& rows, std::optional<double> reference) {
  const double top = static_cast<double>(rows.size()) - 1;
  Chart chart{
      .y = {.low = -row_margin, .high = top + row_margin, .names = std::vector<std::string>(rows.size())}};
  if (rows.empty()) chart.y.high = row_margin;
  chart.series.reserve(3 * rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ForestRow& row = rows[i];
    const double y = top - static_cast<double>(i);
    chart.y.names[rows.size() - 1 - i] = row.label;
    chart.series.push_back({.x = row.values,
                            .y = std::vector<double>(row.values.size(), y - below_the_mean),
                            .style = SeriesStyle::points,
                            .mark_radius = value_radius,
                            .color = pale});
    chart.series.push_back({.x = {row.low, row.high}, .y = {y, y}, .color = row.color});
    chart.series.push_back({.x = {row.mean},
                            .y = {y},
                            .style = SeriesStyle::points,
                            .mark_radius = mean_radius,
                            .color = row.color});
  }
  // The first of the lines is on top, and this one belongs under them.
  if (reference) {
    chart.series.push_back({.x = {*reference, *reference},
                            .y = {*chart.y.low, *chart.y.high},
                            .style = SeriesStyle::dashes,
                            .color = pale});
  }
  return chart;
}

}  // namespace SOAP_ABI
}  // namespace soap
