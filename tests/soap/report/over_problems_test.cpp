#include "soap/report/over_problems.hpp"

#include <doctest/doctest.h>

#include "tests/support/trial_records.hpp"

TEST_CASE("methods of several problems have mean ranks, a mean and a warning about adding up errors") {
  std::vector<soap::TrialRecord> records;
  // bp is first in two problems of three, fa in one.
  for (const soap::Index hidden : {7, 8, 9}) {
    const auto rules = hidden == 9 ? std::vector<std::string>{"fa", "bp", "dfa"}
                                   : std::vector<std::string>{"bp", "fa", "dfa"};
    for (soap::TrialRecord record : test::sweep(rules, 6)) {
      record.setting.options.hidden = {hidden};
      records.push_back(record);
    }
  }
  const auto summary = soap::summarize_sweep({.records = records, .damaged = {}});
  const std::string text = soap::over_problems(summary);
  CAPTURE(text);
  CHECK(text.find("with 3 problems these chances add up to at most 15 %") != std::string::npos);
  // Ranks 1, 1, 2 and 2, 2, 1 and 3, 3, 3; means 0.9 or 0.89 and 0.0035 for the seeds.
  CHECK(text.find("| `bp` | 1.33 | 90.02 | ") != std::string::npos);
  CHECK(text.find("| `fa` | 1.67 | 89.68 | ") != std::string::npos);
  CHECK(text.find("| `dfa` | 3.00 | 88.35 | ") != std::string::npos);
  // Nemenyi: 3.314/sqrt(2) = 2.343 for 3 methods (Demsar, 2006, table 5), times sqrt(3·4/(6·3)).
  CHECK(text.find("more than 1.91 apart") != std::string::npos);
}

TEST_CASE("one problem has nothing over it") {
  const auto summary = soap::summarize_sweep({.records = test::sweep({"bp", "fa"}, 6), .damaged = {}});
  CHECK(soap::over_problems(summary).empty());
}
