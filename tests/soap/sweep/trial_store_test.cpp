#include "soap/sweep/trial_store.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "soap/base/error.hpp"
#include "soap/base/host_name.hpp"
#include "soap/io/folder.hpp"

#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::TrialRecord;
using soap::TrialStore;

namespace {

TrialRecord record_of(std::uint64_t seed) {
  TrialRecord record;
  record.setting = {.options = {.rule = "fa", .hidden = {5}, .lr = 0.1, .seed = seed}, .data = "data"};
  record.examples = 500;
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
    CHECK((stored.damaged[i].key == keys[damaged[i]] &&
           stored.damaged[i].message.starts_with(store.file(keys[damaged[i]]).string() + ": ")));
  for (const std::size_t i : damaged) keys[i].clear();
  std::erase(keys, "");
  REQUIRE(stored.records.size() == keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const TrialRecord& found = stored.records[i];
    REQUIRE(soap::trial_key(found.setting) == keys[i]);
    REQUIRE(soap::to_json(found) == soap::to_json(record_of(found.setting.options.seed)));
  }
}

TEST_CASE("files that harm those who trust them are damaged, and neither end the reading nor count") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const std::string good = soap::to_json(record_of(1));
  const std::string key = soap::trial_key(record_of(1).setting);
  std::string large = good;
  large.replace(large.find("0.1,"), 3, "1e309");
  std::string escape = good;
  escape.replace(escape.find("\"fa\""), 4, "\"\\u001b[2J\"");
  for (const std::string& text :
       {std::string("{\"format\":") + std::string(65'625, '['), large, escape,
        std::string("{\"format\": 1e99}"), std::string("{\"format\": {\"\\u001b\": 1}}")}) {
    (void)folder.write("trials/" + key + ".json", text);
    const soap::StoredTrials stored = soap::read_trials(folder.path());
    CHECK(stored.records.empty());
    REQUIRE(stored.damaged.size() == 1);
    CHECK(stored.damaged.front().message.starts_with(store.file(key).string() + ": "));
    CHECK(stored.damaged.front().message.find('\x1b') == std::string::npos);
    CHECK_FALSE(store.find(key));
  }
  (void)folder.write("trials/" + key + ".json", good);
  CHECK(store.find(key));
}

TEST_CASE("no results yet are none, and a folder that is no sweep's is an error") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(soap::read_trials(folder.path()), soap::IoError);
  const TrialStore store(folder.path());
  CHECK(soap::read_trials(folder.path()).records.empty());
  CHECK_FALSE(store.find("0123456789abcdef"));
}

TEST_CASE("what cannot be a result is refused, what cannot be read is run again and gives way") {
  const test::TemporaryFolder folder;
  const TrialStore store(folder.path());
  const TrialRecord record = record_of(1);
  const std::string key = soap::trial_key(record.setting);
  const fs::path file = store.file(key);
  fs::create_directory(file);
  CHECK_THROWS_WITH_AS((void)store.find(key),
                       (file.string() + ": found a folder, expected the result of a trial").c_str(),
                       soap::IoError);
  fs::remove(file);
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  CHECK_THROWS_AS((void)store.find(key), soap::IoError);
  CHECK(soap::read_trials(folder.path()).damaged.size() == 1);
  fs::remove(file);

  const fs::path mine = folder.write("mine", "text");
  for (const fs::path& leads_to : {file, mine, fs::path("/dev/zero"), folder.path() / "none"}) {
    CAPTURE(leads_to);
    fs::remove(file);
    fs::create_symlink(leads_to, file);
    CHECK_FALSE(store.find(key));
    CHECK(soap::read_trials(folder.path()).damaged.size() == 1);
    store.save(record);
    CHECK_FALSE(fs::is_symlink(file));
    CHECK(store.find(key).has_value());
  }
  CHECK(fs::file_size(mine) == 4);
}

TEST_CASE("a sweep's folders are no links") {
  for (const char* name : {"trials", "claims"}) {
    const test::TemporaryFolder folder;
    fs::create_directory(folder.path() / "theirs");
    fs::create_symlink("theirs", folder.path() / name);
    CHECK_THROWS_WITH_AS(TrialStore(folder.path()), doctest::Contains(": found a symbolic link"),
                         soap::IoError);
    CHECK(fs::is_empty(folder.path() / "theirs"));
  }
}

TEST_CASE("the next start clears up what killed processes left, and nothing of the living") {
  const test::TemporaryFolder folder;
  const TrialRecord done = record_of(1);
  const std::string key = soap::trial_key(done.setting);
  const fs::path claims = folder.path() / "claims";
  {
    const TrialStore store(folder.path());
    store.save(done);
    CHECK(store.claim("living"));
    fs::create_symlink(soap::host_name() + " 2147483646", claims / "dead");
    fs::create_symlink("elsewhere 1", claims / "elsewhere");
    fs::create_symlink("elsewhere 1", claims / key);
    fs::create_directory(claims / "folder");
    (void)folder.write("trials/.soap-1-0.tmp", "{");
  }
  const TrialStore store(folder.path());
  const soap::OpenFolder left(claims);
  CHECK(left.names() == std::vector<std::string>{"elsewhere", "folder", "living"});
  CHECK(soap::OpenFolder(folder.path() / "trials").names() == std::vector<std::string>{key + ".json"});
}
