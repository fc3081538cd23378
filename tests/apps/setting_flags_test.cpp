// The flags that follow from a table of settings.
#include "apps/setting_flags.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/trial/trial_settings.hpp"

#include "tests/apps/mnist_train.hpp"
#include "tests/support/changed_setting.hpp"

using soap::SettingRole;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

// Somebody else's settings.
struct TheirOptions {
  std::string optimizer = "sgd";
  std::int64_t crop = 2;
};

constexpr std::array their_settings = {
    soap::setting<&TheirOptions::optimizer>({.key = "optimizer",
                                             .role = SettingRole::training,
                                             .names = {.all = soap::optimizer_names,
                                                       .canonical = soap::canonical_optimizer,
                                                       .help = soap::optimizer_help},
                                             .flag = {.name = "optimizer", .help = "%", .takes = "NAME"},
                                             .parameters = soap::optimizer_parameters}),
    soap::setting<&TheirOptions::crop>({.key = "crop",
                                        .role = SettingRole::problem,
                                        .most = 8,
                                        .flag = {.name = "crop", .help = "pixels cut off", .takes = "K"}})};

const setting_flags::Use their_use{.roles = {SettingRole::problem, SettingRole::training},
                                   .notes = {{"crop", " all around"}}};

TheirOptions typed(const std::vector<const char*>& words) {
  cxxopts::Options flags("program");
  setting_flags::add(their_settings, their_use, flags);
  std::vector<const char*> all = {"program"};
  all.insert(all.end(), words.begin(), words.end());
  const auto given = flags.parse(static_cast<int>(all.size()), all.data());
  return setting_flags::read(their_settings, their_use, given, {});
}

std::string answer(const Words& command) {
  const Workshop workshop;
  Program program(command, {.folder = workshop.folder(), .logs = workshop.logs()});
  CHECK(program.wait() == 0);
  return program.out();
}

}  // namespace

TEST_CASE("a setting's row is all that its flag takes") {
  cxxopts::Options flags("program");
  setting_flags::add(their_settings, their_use, flags);
  const std::string help = flags.help();
  CHECK(help.find("--crop K") != std::string::npos);
  CHECK(help.find("pixels cut off all around (default: 2)") != std::string::npos);
  CHECK(help.find("--momentum NUMBER") != std::string::npos);
  CHECK(help.find("adam, adamw, rmsprop, sgd; help lists") != std::string::npos);
  CHECK(typed({}).crop == 2);
  CHECK(typed({"--crop", "5"}).crop == 5);
  CHECK(typed({"--optimizer", "adam", "--weight-decay", "0.1"}).optimizer == "adam:weight_decay=0.1");
  CHECK_THROWS_WITH_AS(typed({"--crop", "9"}), "--crop: found '9', expected an integer of at most 8",
                       std::invalid_argument);

  setting_flags::Use lists = their_use;
  lists.takes = setting_flags::Takes::list;
  lists.without = {"momentum"};
  lists.usual = {{"crop", "1,2"}};
  cxxopts::Options of_sweep("program");
  setting_flags::add(their_settings, lists, of_sweep);
  CHECK(of_sweep.help().find("--crop LIST") != std::string::npos);
  CHECK(of_sweep.help().find("* pixels cut off all around (default: 1,2)") != std::string::npos);
  CHECK(of_sweep.help().find("--momentum") == std::string::npos);
}

TEST_CASE("the line that says what is about to run tells the settings that are not as usual") {
  const Workshop workshop;
  const Outcome outcome =
      workshop.run(test::small + Words{"--rules", "bp", "--seeds", "1", "--schedule", "cosine", "--init",
                                       "kaiming_normal", "--log-interval", "7", "--out", "o"});
  CHECK(test::unwrapped(outcome.out).find(", epochs 1, kaiming_normal, cosine: 1 rule x 1 seed ") !=
        std::string::npos);
}

TEST_CASE("every setting that has a flag can be typed, and the configuration then says so") {
  const Words plain = {"--data", "synthetic:train=20:test=10", "--seeds", "1", "--dry-run"};
  const std::string help = answer({test::mnist_train_program, "--help"});
  const std::string help_of_sweep = answer({test::sweep_program, "--help"});
  std::size_t typed = 0;
  for (const auto& row : soap::trial_settings) {
    if (row.flag.name == nullptr) continue;
    CAPTURE(row.flag.name);
    const std::string flag = std::string("--").append(row.flag.name);
    CHECK(help.find(flag + " ") != std::string::npos);
    CHECK((help_of_sweep.find(flag + " ") != std::string::npos) == (row.role != SettingRole::logging));
    const auto other = test::changed(row, soap::TrialOptions());
    REQUIRE(other);
    const Words rules = flag == "--rules" ? Words{} : Words{"--rules", "bp"};
    const auto config = nlohmann::json::parse(
        answer(Words{test::mnist_train_program} + plain + rules + Words{flag, row.text(*other)}));
    CHECK(config.at("trials").at(0).at(row.key) == nlohmann::json(row.json(*other)));
    ++typed;
  }
  CHECK(typed > 0);
}
