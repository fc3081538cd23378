#include "soap/trial/trial_record.hpp"

#include <fstream>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/data/synthetic_digits.hpp"

#include "tests/support/flipped_bits.hpp"
#include "tests/support/temporary_folder.hpp"

using soap::IoError;
using soap::read_trial_record;
using soap::trial_key;
using soap::TrialRecord;
using soap::TrialSetting;
using soap::TrialStatus;

namespace {

TrialRecord full_record() {
  TrialRecord record;
  record.setting = {.options = {.rule = "bp/fa",
                                .step = "soap:lr=0.5",
                                .hidden = {5, 3},
                                .optimizer = "sgd:momentum=0.9",
                                .lr = 0.1,
                                .seed = std::numeric_limits<std::uint64_t>::max()},
                    .data = "4+2 images",
                    .validation = 2,
                    .target_loss = 0.25,
                    .evaluations = 2};
  record.epochs = 2;
  record.steps = 20;
  record.examples = 1000;
  record.passes_per_example = 2;
  record.classes = 10;
  record.final_train_loss = 0.1;
  record.judged = soap::Evaluation{.loss = 1.0 / 3, .accuracy = 0.9};
  record.steps_to_target = 12;
  record.transported_bits = 1e12;
  record.samples = {{.examples = 500, .loss = 0.5, .accuracy = 0.75},
                    {.examples = 1000, .loss = 1.0 / 3, .accuracy = 0.9, .transported_bits = 1e12}};
  return record;
}

std::string saved(const test::TemporaryFolder& folder, const TrialRecord& record) {
  return folder.write(trial_key(record.setting) + ".json", soap::to_json(record)).string();
}

// The fingerprint of other contents, as somebody would make it who means them.
std::string marked(const std::string& text) {
  const std::string contents = text.substr(0, text.rfind(",\n \"fingerprint\""));
  return contents + ",\n \"fingerprint\": \"" + soap::to_hex(soap::fingerprint(contents)) + "\"\n}\n";
}

std::string with(std::string text, const std::string& part, const std::string& other) {
  REQUIRE(text.find(part) != std::string::npos);
  return text.replace(text.find(part), part.size(), other);
}

}  // namespace

TEST_CASE("a record comes back from its file as it was, finished or diverged") {
  const test::TemporaryFolder folder;
  TrialRecord record = full_record();
  CHECK(soap::to_json(read_trial_record(saved(folder, record))) == soap::to_json(record));
  const TrialRecord back = read_trial_record(saved(folder, record));
  CHECK(back.setting.options.seed == record.setting.options.seed);
  CHECK(back.judged->loss == record.judged->loss);
  CHECK(back.samples.size() == 2);
  CHECK_FALSE(back.samples[0].transported_bits);

  TrialRecord diverged;
  diverged.setting = {.options = {.rule = "pepita"}};
  diverged.status = TrialStatus::diverged;
  diverged.message = "training diverged \"here\"\n";
  const TrialRecord again = read_trial_record(saved(folder, diverged));
  CHECK(again.status == TrialStatus::diverged);
  CHECK(again.message == diverged.message);
  CHECK_FALSE(again.judged);
  CHECK(again.setting.options.step == "pepita");
  CHECK(trial_key(again.setting) == trial_key(diverged.setting));

  TrialRecord failed = diverged;
  failed.status = TrialStatus::failed;
  CHECK(read_trial_record(saved(folder, failed)).status == TrialStatus::failed);
}

TEST_CASE("a key depends on everything that a result depends on, and on nothing else") {
  const TrialSetting setting = full_record().setting;
  std::vector<TrialSetting> others(16, setting);
  others[1].options.rule = "bp";
  others[2].options.step = "backward";
  others[3].options.hidden = {5};
  others[4].options.activation = "relu";
  others[5].options.initializer = "he_normal";
  others[6].options.loss = "mse";
  others[7].options.optimizer = "sgd";
  others[8].options.lr = 0.11;
  others[9].options.schedule = "cosine:final=0";
  others[10].options.batch_size = 32;
  others[11].options.epochs = 3;
  others[12].options.seed = 1;
  others[13].data = "other";
  others[14].validation = 0;
  others[15].target_loss = 0.3;
  std::set<std::string> keys;
  for (const TrialSetting& other : others) keys.insert(trial_key(other));
  CHECK(keys.size() == others.size());
  TrialSetting same = setting;
  same.options.log_interval = 7;  // rows of a table that a record does not hold
  CHECK(trial_key(same) == trial_key(setting));
  // A rule that is a step by itself runs under no other, whether that is said or not.
  TrialSetting pepita = setting;
  pepita.options.rule = pepita.options.step = "pepita";
  TrialSetting plain = pepita;
  plain.options.step = "backward";
  CHECK(trial_key(plain) == trial_key(pepita));
}

TEST_CASE("a setting keeps its key, by which earlier results are found") {
  CHECK(trial_key({.options = {.rule = "sign:period=640:scale=norm",
                               .hidden = {4, 3},
                               .lr = 0.1,
                               .batch_size = 16,
                               .epochs = 1,
                               .feedback_seed = 1000001},
                   .data = "synthetic digits, 300+60 images, 784 inputs, 10 classes, 4f9474ae9fc45ec3"}) ==
        "06ac1646af01f62c");
}

TEST_CASE("all spellings of a setting have one key and one file") {
  TrialRecord record = full_record();
  record.setting.options.rule = "bp/sign";
  TrialRecord spelled = record;
  spelled.setting.options.rule = "bp/sign:period=06400";
  spelled.setting.options.step = "soap:warmup=10:lr=0.50";
  spelled.setting.options.activation = "tanh";
  spelled.setting.options.optimizer = "sgd:weight_decay=0:momentum=90e-2";
  spelled.setting.options.schedule = "constant:warmup=0";
  CHECK(trial_key(spelled.setting) == trial_key(record.setting));
  CHECK(soap::to_json(spelled) == soap::to_json(record));
  const test::TemporaryFolder folder;
  CHECK(read_trial_record(saved(folder, spelled)).setting.options.rule == "bp/sign");
  // Under that key no other spelling is read.
  std::string text = soap::to_json(record);
  text.replace(text.find("bp/sign"), 7, "bp/sign:period=6400");
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(trial_key(record.setting) + ".json", marked(text))),
                       doctest::Contains("found the setting of "), IoError);
}

TEST_CASE("a rule that only another program knows keeps the name and key that it came with") {
  TrialRecord record = full_record();
  record.setting.options.rule = "theirs:size=0.50";
  record.setting.options.step = "backward";
  const test::TemporaryFolder folder;
  CHECK(read_trial_record(saved(folder, record)).setting.options.rule == "theirs:size=0.50");
}

TEST_CASE("whatever is not the whole result of the trial it is named by is refused in one sentence") {
  const test::TemporaryFolder folder;
  const TrialRecord record = full_record();
  const std::string text = soap::to_json(record);
  const std::string name = trial_key(record.setting) + ".json";
  for (std::size_t size = 0; size + 2 < text.size(); size += 7)
    CHECK_THROWS_AS(read_trial_record(folder.write(name, text.substr(0, size))), IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, "")), doctest::Contains("an empty file"),
                       IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, text + std::string(3, '\0'))),
                       doctest::Contains("a zero byte"), IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, "[1]")), doctest::Contains("found a list"),
                       IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, "{\"format\": 99}")),
                       doctest::Contains("in format 99"), IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, "{\"format\": 3, \"setting\": 3}")),
                       doctest::Contains("no field 'fingerprint'"), IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write("0123456789abcdef.json", text)),
                       doctest::Contains("named by"), IoError);
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write(name, text + " ")),
                       doctest::Contains("and nothing after it"), IoError);
  CHECK_THROWS_AS(read_trial_record(folder.path() / "none.json"), IoError);
}

TEST_CASE("a result in the format of trials that trained in another way is refused") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(read_trial_record(folder.write("0123456789abcdef.json", "{\"format\": 2}")),
                       doctest::Contains("found the result of a trial in format 2, expected format 3"),
                       IoError);
}

TEST_CASE("every number of a record has its range, whatever the fingerprint says") {
  const test::TemporaryFolder folder;
  const TrialRecord record = full_record();
  const std::string text = soap::to_json(record);
  const std::string name = trial_key(record.setting) + ".json";
  REQUIRE(marked(text) == text);
  const auto said = [&](const std::string& part, const std::string& other) -> std::string {
    try {
      (void)read_trial_record(folder.write(name, marked(with(text, part, other))));
    } catch (const IoError& error) {
      return error.found() + ", expected " + error.expected();
    }
    return "";
  };
  CHECK(said("\"accuracy\": 0.9", "\"accuracy\": 7") ==
        "7 in 'judged.accuracy', expected a number from 0 to 1");
  CHECK(said("\"accuracy\": 0.75", "\"accuracy\": 1.75") ==
        "1.75 in 'samples.accuracy', expected a number from 0 to 1");
  CHECK(said("\"validation\": 2", "\"validation\": -1") ==
        "-1 in 'setting.validation', expected an integer of at least 0");
  CHECK(said("\"seed\": 18446744073709551615", "\"seed\": 1e99") ==
        "1e+99 in 'setting.seed', expected an integer from 0 to 18446744073709551615");
  CHECK(said("\"lr\": 0.1", "\"lr\": 0") == "0 in 'setting.lr', expected a number above 0");
  CHECK(said("\"lr\": 0.1", "\"lr\": 1e309") == "a number that is too large, expected the result of a trial");
  CHECK(said("\"batch_size\": 64", "\"batch_size\": 0").ends_with("expected an integer of at least 1"));
  CHECK(said("\"batch_sizes\": \"even\"", "\"batch_sizes\": \"odd\"").starts_with("'odd' in "));
  CHECK(said("\"evaluations\": 2", "\"evaluations\": 0").ends_with("expected an integer of at least 1"));
  CHECK(said("\"target_loss\": 0.25", "\"target_loss\": -1").ends_with("expected a number above 0"));
  CHECK(said("   5,", "   0,") == "0 in 'setting.hidden', expected an integer of at least 1");
  CHECK(said("\"status\": \"finished\"", "\"status\": \"stopped\"") ==
        "'stopped' in 'status', expected finished, diverged or failed");
  CHECK(said("\n \"epochs\": 2", "\n \"epochs\": 3") == "3 in 'epochs', expected an integer from 0 to 2");
  CHECK(said("\"steps\": 20", "\"steps\": 20.5").starts_with("20.5 in 'steps', "));
  CHECK(said("\"steps_to_target\": 12", "\"steps_to_target\": 21").ends_with("from 0 to 20"));
  CHECK(said("\"examples\": 500", "\"examples\": 5000").ends_with("from 0 to 1000"));
  CHECK(said("\"passes_per_example\": 2.0", "\"passes_per_example\": 0").ends_with("a number above 0"));
  CHECK(said("\"classes\": 10", "\"classes\": 0").ends_with("an integer of at least 1"));
  CHECK(said("\"final_train_loss\": 0.1", "\"final_train_loss\": \"0.1\"").ends_with("expected a number"));
  CHECK(said("\"transported_bits\": 1000000000000.0", "\"transported_bits\": -1")
            .ends_with("expected a number of at least 0"));
  CHECK(said("\"scalar\": \"float\"", "\"scalar\": \"double\"").ends_with("expected float"));
  CHECK(said("\"message\": \"\"", "\"message\": 0") == "0 in 'message', expected a text");
}

TEST_CASE("a record in which any bit is another is refused") {
  const test::TemporaryFolder folder;
  const TrialRecord record = full_record();
  const std::string name = trial_key(record.setting) + ".json";
  CHECK(test::flipped_bits_taken(soap::to_json(record), [&](const std::string& bytes) {
          try {
            (void)read_trial_record(folder.write(name, bytes));
            return true;
          } catch (const IoError&) {
            return false;
          }
        }) == 0);
}

TEST_CASE("a loss too large for a number, on images that were not trained with, is a result") {
  const test::TemporaryFolder folder;
  TrialRecord record = full_record();
  record.judged->loss = std::numeric_limits<double>::infinity();
  CHECK(read_trial_record(saved(folder, record)).judged->loss == std::numeric_limits<double>::infinity());
}

TEST_CASE("data are known by their content") {
  const auto digits = [](std::uint64_t seed) {
    return soap::synthetic_digits({.train = 20, .test = 5, .seed = seed});
  };
  const std::string one = soap::data_identity(digits(1));
  CHECK(one == soap::data_identity(digits(1)));
  CHECK(one != soap::data_identity(digits(2)));
  CHECK(one.starts_with("synthetic digits, 20+5 images, 784 inputs, 10 classes, "));
}
