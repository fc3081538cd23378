#include "soap/report/search_space.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/trial_records.hpp"

using soap::search_spaces;
using soap::TrialRecord;

TEST_CASE("what was searched is said once where it was the same for all methods") {
  const auto records = test::sweep({"bp", "fa"}, 2);
  const auto spaces = search_spaces(records);
  REQUIRE(spaces.size() == 1);
  CHECK(spaces.at(problem_of(records.front().setting)) ==
        "- Searched, for 2 methods alike: 3 settings: lr 0.01, 0.1, 1; optimizer sgd; schedule constant; "
        "batch size 64; init xavier_normal.\n");
}

TEST_CASE("methods that were searched otherwise are told apart, and a part of a grid is one") {
  auto records = test::sweep({"bp", "fa", "kp"}, 2);
  TrialRecord more = test::tuned("fa", 0.01, 1, 0.5);
  more.setting.options.batch_size = 128;
  more.setting.options.optimizer = "sgd:momentum=0.9";
  records.push_back(more);
  CHECK(search_spaces(records).begin()->second ==
        "- Searched, **not the same for all methods**:\n"
        "  - `bp`, `kp`: 3 settings: lr 0.01, 0.1, 1; optimizer sgd; schedule constant; batch size 64; init "
        "xavier_normal.\n"
        "  - `fa`: 4 settings: lr 0.01, 0.1, 1; optimizer sgd, sgd:momentum=0.9; schedule constant; batch "
        "size 64, "
        "128; init xavier_normal; 4 settings of the 12 combinations.\n");
}

TEST_CASE("many values are told by their ends, and judging trials search nothing") {
  std::vector<TrialRecord> records;
  for (int i = 1; i <= 20; ++i) records.push_back(test::tuned("bp", i, 1, 0.5));
  CHECK(search_spaces(records).begin()->second.find(
            "for `bp`: 20 settings: lr 1, 2, ..., 20 (20 values); optimizer") != std::string::npos);
  CHECK(search_spaces({test::judged("bp", 0.1, 1, 0.5)}).empty());
}
