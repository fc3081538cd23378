#include "soap/experiment/report_folder.hpp"

#include <vector>

#include "soap/experiment/sweep_figures.hpp"
#include "soap/experiment/sweep_report.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// Of an earlier report, which may have had others.
void remove_pictures(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") std::filesystem::remove(entry.path());
  }
}

}  // namespace

SweepSummary write_report(const std::filesystem::path& out, const SweepSummaryOptions& options) {
  const StoredTrials trials = read_trials(out);
  SweepSummary summary = summarize_sweep(trials, options);
  const std::filesystem::path folder = out / "report";
  make_folder(folder);
  remove_pictures(folder);
  std::vector<ReportPicture> pictures;
  for (const SweepFigure& figure : sweep_figures(summary, trials.records)) {
    write_png(figure.figure, folder / figure.file);
    pictures.push_back({.problem = figure.problem, .file = figure.file, .caption = figure.caption});
  }
  write_file_atomically(folder / "summary.csv", summary_table(summary));
  write_file_atomically(folder / "report.md", report_page(summary, pictures));
  return summary;
}

}  // namespace soap::inline SOAP_ABI
