// The report of a sweep: a page for readers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "soap/report/sweep_summary.hpp"
#include "soap/sweep/choice_names.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A picture that belongs to a problem's part of the page.
struct ReportPicture {
  std::string problem;  ///< its name
  std::string file;     ///< relative to the page
  std::string caption;
};

/// What a page shows beside the figures of its summary.
struct ReportParts {
  std::vector<ReportPicture> pictures = {};
  std::map<std::string, std::string> search_spaces = {};  ///< by problem: what was tried, in Markdown
  std::map<std::string, std::string> sections = {};       ///< by problem: further parts, in Markdown
  std::string provenance = {};  ///< command, machine and computing time, in Markdown
};

/// The whole page in Markdown: for each problem the verdict, then the tables and pictures that it rests on,
/// and what was done.
std::string report_page(const SweepSummary& summary, const ReportParts& parts = {});

/// How a problem's figures came about: data, seeds, selection, statistics; a list in Markdown.
std::string what_was_done(const ProblemSummary& problem, const SweepSummary& summary,
                          const ChoiceNames& names);

/// The names of a problem's settings.
ChoiceNames choice_names(const ProblemSummary& problem);

}  // namespace SOAP_ABI
}  // namespace soap
