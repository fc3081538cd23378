// The instruments' samples as a picture of small charts.
#pragma once

#include <string>
#include <vector>

#include "soap/io/diagnostics_csv.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/plot/chart.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct DiagnosticsFigureOptions {
  std::string title = {};  ///< small print under the charts begins with it
  std::vector<AccuracyCurve> accuracies = {};
};

/// A chart for each group of figures that any run has, over steps: a color for each rule, a dash for each
/// layer; averaged over seeds, in bands from the lowest to the highest. With accuracies there is one more:
/// test accuracy over all the bits of weights transported until then, where a rule that never transported any
/// is a horizontal line at its last accuracy, and one that does not say is left out.
Figure diagnostics_figure(const std::vector<DiagnosticsRun>& runs,
                          const DiagnosticsFigureOptions& options = {});

}  // namespace SOAP_ABI
}  // namespace soap
