// Forest plots: means with their intervals, a row each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A mean and its interval; gaps where there is none.
struct ForestRow {
  std::string label = {};
  double mean = gap;
  double low = gap;
  double high = gap;
  std::vector<double> values = {};  ///< that the mean is of, drawn small under it
  Color color = {};
};

/// The rows from the top down, with a dashed upright line at `reference`. The labels are those of the y axis;
/// title and x axis are left to the caller.
Chart forest_chart(const std::vector<ForestRow>& rows, std::optional<double> reference = std::nullopt);

}  // namespace SOAP_ABI
}  // namespace soap
