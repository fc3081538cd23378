#include "soap/experiment/trial_store.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::TrialRecord;
using soap::TrialStore;

namespace {

TrialRecord record_of(std::uint64_t seed) {
  TrialRecord record;
  record.setting = {.options = {.rule = "fa", .hidden = {5}, .lr = 0.1, .seed = seed}, .data = "data"};
  record.judged = soap::Evaluation{.loss = 0.5, .accuracy = 1.0 / (1.0 + static_cast<double>(seed))};
  record.samples = {{.examples = 500, .loss = 0.5, .accuracy = 0.75}};
  return record;
}

}  // namespace

TEST_CASE("many results are read in the order of their keys, and each damaged one is named") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  std::vector<std::string> keys;
  constexpr std::uint64_t count = 1000;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    const TrialRecord record = record_of(seed);
    keys.push_back(soap::trial_key(record.setting));
    (void)folder.write("trials/" + keys.back() + ".json", soap::to_json(record));
  }
  std::sort(keys.begin(), keys.end());
  const std::vector<std::size_t> damaged = {0, 1, 500, count - 1};
  for (const std::size_t i : damaged) fs::resize_file(store.file(keys[i]), i);
  // What a killed process leaves is no result.
  (void)folder.write("trials/.soap-1-0.tmp", "{");
  const soap::StoredTrials stored = soap::read_trials(folder.path());
  REQUIRE(stored.damaged.size() == damaged.size());
  for (std::size_t i = 0; i < damaged.size(); ++i)
    CHECK(stored.damaged[i].starts_with(store.file(keys[damaged[i]]).string() + ": "));
  for (const std::size_t i : damaged) keys[i].clear();
  std::erase(keys, "");
  REQUIRE(stored.records.size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const TrialRecord& found = stored.records[i];
    REQUIRE(soap::trial_key(found.setting) == keys[i]);
    REQUIRE(soap::to_json(found) == soap::to_json(record_of(found.setting.options.seed)));
  }
}

TEST_CASE("no results yet are none, and a folder that is no sweep's is an error") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(soap::read_trials(folder.path()), soap::IoError);
  const TrialStore store(folder.path());
  CHECK(soap::read_trials(folder.path()).records.empty());
  CHECK_FALSE(store.find("0123456789abcdef"));
}
