#include "soap/report/report_folder.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"
#include "soap/report/looks.hpp"
#include "soap/report/provenance.hpp"
#include "soap/report/search_space.hpp"
#include "soap/report/sweep_csv.hpp"
#include "soap/report/sweep_figures.hpp"
#include "soap/report/sweep_report.hpp"
#include "soap/report/trials_csv.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// Those of an earlier report that this one does not have. A picture of somebody else's stays.
void remove_old_pictures(const std::filesystem::path& folder, const std::vector<ReportPicture>& pictures) {
  const OpenFolder open(folder);
  for (const std::string& name : open.names()) {
    const bool is_new = std::any_of(pictures.begin(), pictures.end(),
                                    [&](const ReportPicture& picture) { return picture.file == name; });
    if (is_sweep_figure(name) && !is_new) open.remove(name);
  }
}

}  // namespace

SweepSummary write_report(const std::filesystem::path& out, const SweepSummaryOptions& options,
                          const std::function<void()>& before_each_file) {
  const auto next_file = [&] {
    if (before_each_file) before_each_file();
  };
  const StoredTrials trials = read_trials(out);
  SweepSummaryOptions with_looks = options;
  with_looks.looks = read_looks(out);
  SweepSummary summary = summarize_sweep(trials, with_looks);
  next_file();
  // Before anybody can read it: a look that is not remembered would be taken again for nothing.
  remember_looks(out, summary, std::move(with_looks.looks));
  const std::filesystem::path folder = out / "report";
  refuse_link(folder);
  make_folder(folder);
  OpenFolder(folder).remove_dead_temporary_files();
  std::vector<ReportPicture> pictures;
  for (const SweepFigure& figure : sweep_figures(summary, trials.records)) {
    next_file();
    write_png(figure.figure, folder / figure.file);
    pictures.push_back({.problem = figure.problem, .file = figure.file, .caption = figure.caption});
  }
  next_file();
  write_file_atomically(folder / "summary.csv", sweep_summary_csv(summary));
  write_file_atomically(folder / "pairs.csv", sweep_pairs_csv(summary));
  // None of an earlier report may stay.
  OpenFolder(folder).remove("variance.csv");
  if (!summary.variances.empty())
    write_file_atomically(folder / "variance.csv", variance_table(summary.variances));
  next_file();
  write_trials_csv(folder / "trials.csv", trials, summary);
  write_file_atomically(folder / "report.md",
                        report_page(summary, {.pictures = pictures,
                                              .search_spaces = search_spaces(trials.records),
                                              .provenance = provenance(out)}));
  remove_old_pictures(folder, pictures);
  return summary;
}

}  // namespace SOAP_ABI
}  // namespace soap
