// The report of a sweep: a page for readers, and a table for programs.
#pragma once

#include <string>
#include <vector>

#include "soap/experiment/choice_names.hpp"
#include "soap/experiment/sweep_summary.hpp"

namespace soap::inline SOAP_ABI {

/// A picture that belongs to a problem's part of the page.
struct ReportPicture {
  std::string problem;  ///< its name
  std::string file;     ///< relative to the page
  std::string caption;
};

/// The whole page in Markdown: for each problem the verdict, then the tables and pictures that it rests on,
/// and what was done.
std::string report_page(const SweepSummary& summary, const std::vector<ReportPicture>& pictures);

/// The test accuracies of a problem, a table in Markdown: best setting, mean, interval, difference to the
/// baseline, counts.
std::string accuracy_table(const ProblemSummary& problem, const std::string& baseline,
                           const ChoiceNames& names);

/// How a problem's figures came about: data, seeds, selection, statistics; a list in Markdown.
std::string what_was_done(const ProblemSummary& problem, const ChoiceNames& names);

/// A row for each problem and method, accuracies and differences as shares of 1; blank where there is
/// nothing. The columns are explained in docs/reading_a_report.md.
std::string summary_table(const SweepSummary& summary);

/// Names for all settings of a problem.
ChoiceNames choice_names(const ProblemSummary& problem);

}  // namespace soap::inline SOAP_ABI
