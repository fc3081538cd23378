// The table of a trial's settings, and what follows from a row.
#include "soap/trial/trial_settings.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/sweep/choice_names.hpp"
#include "soap/trial/run_config.hpp"

#include "tests/support/changed_setting.hpp"
#include "tests/support/members.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_records.hpp"

using namespace soap;

namespace {

template <class Options, std::size_t n>
bool alike(const std::array<Setting<Options>, n>& table, const Options& a, const Options& b) {
  for (const Setting<Options>& row : table) {
    if (row.text(a) != row.text(b)) return false;
  }
  return true;
}

TrialRecord record_of(const TrialSetting& setting) {
  TrialRecord record = test::tuned("bp", 0.1, 1, 0.5);
  record.setting = setting;
  return record;
}

const test::TemporaryFolder& folder() {
  static const test::TemporaryFolder made;
  return made;
}

TrialSetting read_again(const TrialSetting& setting) {
  const auto file = folder().write(trial_key(setting) + ".json", to_json(record_of(setting)));
  return read_trial_record(file).setting;
}

// A program of somebody else's, with one setting more.
struct TheirOptions {
  std::string optimizer = "sgd";
  double lr = 0.1;
  std::int64_t crop = 0;
};

constexpr std::array their_settings = {
    setting<&TheirOptions::optimizer>({.key = "optimizer",
                                       .role = SettingRole::training,
                                       .names = {.all = optimizer_names, .canonical = canonical_optimizer}}),
    setting<&TheirOptions::lr>({.key = "lr", .role = SettingRole::training, .label = "lr"}),
    setting<&TheirOptions::crop>({.key = "crop",
                                  .role = SettingRole::problem,
                                  .label = "crop",
                                  .shown = SettingShown::where_unusual,
                                  .most = 8})};

}  // namespace

TEST_CASE("every member of a trial's options has its row, and every row a key of its own") {
  CHECK(trial_settings.size() == test::members<TrialOptions>());
  CHECK(evaluation_settings.size() + 1 == test::members<TrialSetting>());
  std::set<std::string> keys;
  std::set<std::string> columns;
  for (const auto& row : trial_settings)
    CHECK((keys.insert(row.key).second && columns.insert(row.column).second));
  for (const auto& row : evaluation_settings)
    CHECK((keys.insert(row.key).second && columns.insert(row.column).second));
}

TEST_CASE("each setting in turn changes the texts and keys of a trial, and comes back from its files") {
  const TrialSetting plain = {.options = canonical({}), .data = "images"};
  std::set<std::string> texts = {trial_text(plain.options)};
  std::set<std::string> keys = {trial_key(plain)};
  for (const auto& row : trial_settings) {
    CAPTURE(row.key);
    const auto options = test::changed(row, plain.options);
    REQUIRE(options);
    CHECK(texts.insert(trial_text(*options)).second);
    const RunConfig config{.program = "p", .command = {}, .data = "d", .trials = {*options}};
    CHECK(alike(trial_settings, parse_config(config_json(config), "c").trials.front(), *options));
    const TrialSetting setting = {.options = *options, .data = plain.data};
    // Rows of a table that a record does not hold.
    if (row.role == SettingRole::logging) {
      CHECK(trial_key(setting) == trial_key(plain));
      continue;
    }
    CHECK(keys.insert(trial_key(setting)).second);
    CHECK(alike(trial_settings, read_again(setting).options, *options));
    CHECK_FALSE(row.is_usual(*options));
    const bool tells_apart = problem_of(setting) != problem_of(plain) ||
                             choice_of(setting) != choice_of(plain) || method_of(setting) != method_of(plain);
    CHECK(tells_apart == (row.role != SettingRole::chance));
  }
  for (const auto& row : evaluation_settings) {
    CAPTURE(row.key);
    const auto setting = test::changed(row, plain);
    REQUIRE(setting);
    CHECK(keys.insert(trial_key(*setting)).second);
    CHECK(alike(evaluation_settings, read_again(*setting), *setting));
    CHECK((problem_of(*setting) != problem_of(plain)) == (row.role == SettingRole::problem));
    CHECK((evaluation_of(*setting) != evaluation_of(plain)) == (row.role == SettingRole::evaluation));
  }
}

TEST_CASE("of a choice a name says what is not as usual") {
  TrialSetting setting;
  CHECK(choice_of(setting) == "lr 0.01, sgd, constant, batch 64, xavier_normal");
  setting.options.batch_sizes = BatchSizes::full_but_last;
  CHECK(choice_of(setting) == "lr 0.01, sgd, constant, batch 64, batches full_but_last, xavier_normal");
  CHECK(problem_of({.data = "d"}) == "hidden 256, tanh, softmax_cross_entropy, epochs 2; d");
  CHECK(problem_of({.options = {.hidden = {}}}).starts_with("no hidden layer, tanh, "));
  CHECK(problem_of({.options = {.hidden = {3, 2}}}).starts_with("hidden 3-2, tanh, "));
}

TEST_CASE("a row is all that a setting takes: files, names, columns and flags follow") {
  const auto every = [](const SettingRow&) { return true; };
  const auto json_of = [&](const TheirOptions& options) {
    nlohmann::ordered_json json;
    write_settings(their_settings, options, json, every);
    return json;
  };
  const auto name_of = [](const TheirOptions& options) {
    return setting_words(their_settings, result_roles, options);
  };
  const TheirOptions usual;
  TheirOptions cropped;
  their_settings[2].parse("--crop", "5", cropped);
  their_settings[0].parse("--optimizer", "sgd:momentum=0.90", cropped);
  make_canonical(their_settings, cropped);
  CHECK(setting_columns(their_settings, result_roles) == std::vector<std::string>{"optimizer", "lr", "crop"});
  CHECK(setting_cells(their_settings, result_roles, cropped) ==
        std::vector<std::string>{"sgd:momentum=0.9", "0.1", "5"});
  CHECK(name_of(cropped) == "sgd:momentum=0.9, lr 0.1, crop 5");
  CHECK(json_of(cropped).dump() == R"({"optimizer":"sgd:momentum=0.9","lr":0.1,"crop":5})");
  // What came later changes nothing of those that make no use of it.
  CHECK(name_of(usual) == "sgd, lr 0.1");
  CHECK(json_of(usual).dump() == R"({"optimizer":"sgd","lr":0.1})");
  for (const TheirOptions& options : {usual, cropped}) {
    const auto json = json_of(options);
    TheirOptions again{.optimizer = "", .lr = 1};
    read_settings(their_settings, JsonFields(json, "f"), again, every);
    CHECK(json_of(again) == json);
  }
  const auto refused = [&](const char* text) {
    TheirOptions options;
    const auto json = nlohmann::ordered_json::parse(text);
    CHECK_THROWS_AS(read_settings(their_settings, JsonFields(json, "f"), options, every), IoError);
  };
  refused(R"({"optimizer":"sgd"})");
  refused(R"({"optimizer":"sgd","lr":0})");
  refused(R"({"optimizer":"sgd","lr":1,"crop":-1})");
  CHECK_THROWS_WITH_AS(their_settings[2].parse("--crop", "9", cropped),
                       "--crop: found '9', expected an integer of at most 8", std::invalid_argument);
}
