// Runs of mnist_train that are killed or stopped, and gone on with.
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <random>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/io/csv.hpp"
#include "soap/io/safetensors.hpp"

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::small;
using test::Words;
using test::Workshop;
using test::operator+;

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

// Rules that draw, that learn, that keep old weights, and that have a way of their own.
const Words several = {"--data",     "synthetic:train=1000:test=200",
                       "--hidden",   "12x10",
                       "--epochs",   "3",
                       "--seeds",    "2",
                       "--lr",       "0.05",
                       "--rules",    "bp,sign:period=300:scale=norm,brsf,delayed:examples=200,kp/dfa,dtp",
                       "--momentum", "0.9",
                       "--schedule", "cosine:warmup=10",
                       "--threads",  "2"};
const Words saving = {"--save-model", "--checkpoint-every", "3", "--diagnostics", "9"};

// Everything that a run leaves but its checkpoints, without what the clock and the command line say.
std::map<std::string, std::string> results_in(const fs::path& directory) {
  std::map<std::string, std::string> results;
  for (const char* table : {"metrics.csv", "summary.csv"})
    results[table] = test::without_time(test::text_of(directory / table));
  results["diagnostics.csv"] = test::text_of(directory / "diagnostics.csv");
  for (const auto& name : names_in(directory / "models"))
    results[name] = test::text_of(directory / "models" / name);
  for (const auto& name : names_in(directory)) results["names"] += name + '\n';
  return results;
}

void check_same_results(const fs::path& found, const fs::path& expected) {
  const auto results = results_in(expected);
  for (const auto& result : results_in(found)) {
    CAPTURE(result.first);
    REQUIRE(results.count(result.first) == 1);
    CHECK((result.second == results.at(result.first)));
  }
  CHECK(results_in(found).size() == results.size());
}

Words long_run(int epochs) {
  return {"--data",         "synthetic:train=500:test=100",
          "--hidden",       "16",
          "--epochs",       std::to_string(epochs),
          "--rules",        "bp,fa",
          "--log-interval", "100",
          "--seed",         "1",
          "--threads",      "1"};
}

// A workshop with the folder "o" of a run that a signal stopped.
class StoppedRun {
 public:
  explicit StoppedRun(int epochs = 2000, const std::string& out = "o") {
    test::Program program(
        workshop.command(long_run(epochs) + Words{"--checkpoint-every", "20", "--out", out}),
        {workshop.folder(), workshop.logs()});
    const auto start = Clock::now();
    while (program.err().find(" epoch ") == std::string::npos &&
           Clock::now() - start < std::chrono::seconds(30))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    program.send(SIGINT);
    status = program.wait();
    said = program.err();
  }

  // What is said when it is to go on with these flags; nothing has changed then.
  [[nodiscard]] std::string refusal(const Words& flags = {}) const {
    const std::string before = workshop.read("o/metrics.csv") + workshop.read("o/summary.csv");
    const Outcome outcome = workshop.run(Words{"--resume", "o"} + flags);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(lines_of(outcome.err).size() == 1);
    CHECK(workshop.read("o/metrics.csv") + workshop.read("o/summary.csv") == before);
    return outcome.err;
  }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(workshop.folder() / file, std::ios::binary) << text;
  }

  Workshop workshop;
  int status = 0;
  std::string said;
};

constexpr const char* checkpoint = "o/checkpoints/bp-seed-1.safetensors";

}  // namespace

TEST_CASE("runs killed at 20 random moments and gone on with leave the same bits as one left alone") {
  const Workshop workshop;
  Outcome whole = workshop.run(several + saving + Words{"--out", "whole"});
  REQUIRE(whole.status == 0);
  const Words start = several + saving + Words{"--out", "killed", "--overwrite"};
  const Words go_on = {"--resume", "killed", "--threads", "2"};
  std::mt19937 random(1);
  int killed = 0;
  int ended = 0;
  bool fresh = true;
  const auto began = Clock::now();
  // A run may be done before its moment comes: then there is another one.
  while (killed < 20 || !fresh) {
    REQUIRE(Clock::now() - began < std::chrono::seconds(120));
    const bool begun = !fresh && fs::exists(workshop.folder() / "killed/config.json");
    test::Program program(workshop.command(begun ? go_on : start), {workshop.folder(), workshop.logs()});
    if (killed < 20) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 250));
      program.send(SIGKILL);
    }
    const int status = program.wait();
    fresh = status == 0;
    if (status == 0) {
      check_same_results(workshop.folder() / "killed", workshop.folder() / "whole");
      ++ended;
    } else {
      REQUIRE(status == 128 + SIGKILL);
      ++killed;
    }
  }
  CHECK(ended > 0);
}

TEST_CASE("checkpoints change nothing in a run, and --overwrite removes them with its other results") {
  const Workshop workshop;
  REQUIRE(workshop.run(several + Words{"--diagnostics", "9", "--save-model", "--out", "plain"}).status == 0);
  REQUIRE(workshop.run(several + saving + Words{"--out", "saving"}).status == 0);
  fs::remove_all(workshop.folder() / "saving/checkpoints");
  check_same_results(workshop.folder() / "saving", workshop.folder() / "plain");
  const Words models = names_in(workshop.folder() / "plain/models");
  CHECK(models.size() == 12);
  CHECK(models.front() == "bp-seed-1.safetensors");
  CHECK(std::count(models.begin(), models.end(), "sign,period=300,scale=norm-seed-2.safetensors") == 1);
  CHECK(std::count(models.begin(), models.end(), "kp+dfa-seed-1.safetensors") == 1);

  const auto model = soap::read_safetensors(workshop.folder() / "plain/models/bp-seed-1.safetensors");
  CHECK(model.tensors.at("layers.0.weight").shape == std::vector<std::int64_t>{12, 784});
  CHECK(model.tensors.at("layers.4.bias").shape == std::vector<std::int64_t>{10});
  CHECK(model.metadata.at("layers.0") == "dense 784-12");
  CHECK(model.metadata.at("layers.4.feedback") == "bp");
  // Of the synthetic digits, which the run in the folder says too.
  CHECK(model.metadata.at("inputs.mean") == "0.1602");
  CHECK(model.metadata.at("inputs.standard_deviation") == "0.3052");
  CHECK(nlohmann::json::parse(workshop.read("plain/config.json")).at("normalization") ==
        nlohmann::json{{"mean", 0.1602}, {"standard_deviation", 0.3052}});

  std::ofstream(workshop.folder() / "plain/models/notes.txt") << "mine";
  REQUIRE(
      workshop.run(small + Words{"--rules", "bp", "--seeds", "1", "--out", "plain", "--overwrite"}).status ==
      0);
  CHECK(names_in(workshop.folder() / "plain/models") == Words{"notes.txt"});
}

TEST_CASE("a signal saves the runs under way and says how to go on; a finished run only shows its results") {
  const StoppedRun stopped(500);
  CHECK(stopped.status == 128 + SIGINT);
  CHECK(lines_of(stopped.said).back() ==
        "mnist_train: stopped by a signal; 0 of 2 runs had finished, what there is was saved; go on with: " +
            std::string(test::mnist_train_program).append(" --resume o"));
  CHECK(names_in(stopped.workshop.folder() / "o/checkpoints") == Words{"bp-seed-1.safetensors"});
  const std::string config = stopped.workshop.read("o/config.json");

  const Outcome resumed = stopped.workshop.run({"--resume", "o", "--threads", "1"});
  CHECK(resumed.status == 0);
  REQUIRE(stopped.workshop.run(long_run(500) + Words{"--out", "whole"}).status == 0);
  const auto without_time = [&](const std::string& file) {
    return test::without_time(stopped.workshop.read(file));
  };
  CHECK(without_time("o/metrics.csv") == without_time("whole/metrics.csv"));
  CHECK(without_time("o/summary.csv") == without_time("whole/summary.csv"));
  CHECK(stopped.workshop.read("o/config.json") == config);

  const std::string metrics = stopped.workshop.read("o/metrics.csv");
  const Outcome again = stopped.workshop.run({"--resume", "o"});
  CHECK(again.status == 0);
  CHECK(again.out == resumed.out);
  CHECK(again.err.empty());
  CHECK(stopped.workshop.read("o/metrics.csv") == metrics);
}

TEST_CASE("the command that goes on with a run is one that a shell takes, whatever the folder's name") {
  const StoppedRun stopped(2000, "it's $HOME");
  CHECK(lines_of(stopped.said).back().ends_with(" --resume 'it'\\''s $HOME'"));
}

TEST_CASE("where there is no room for a checkpoint the one before it stays") {
  const StoppedRun run(500);
  const std::string before = run.workshop.read(checkpoint);
  // One after the other: it is the first whose checkpoint finds no room.
  const Outcome full = run.workshop.run(
      {"--resume", "o", "--threads", "1"},
      {.folder = run.workshop.folder(), .logs = run.workshop.logs(), .largest_file = before.size() / 2});
  CHECK(full.status == 2);
  CHECK(lines_of(full.err).back() == "mnist_train: " + std::string(checkpoint) +
                                         ": found 'File too large' when writing, expected a file that can be "
                                         "written");
  CHECK((run.workshop.read(checkpoint) == before));
  CHECK(names_in(run.workshop.folder() / "o/checkpoints") == Words{"bp-seed-1.safetensors"});
  CHECK(run.workshop.run({"--resume", "o"}).status == 0);
}

TEST_CASE("--resume takes a run with checkpoints as it is, or nothing") {
  const Workshop workshop;
  const auto said = [&](const Words& flags) {
    const Outcome outcome = workshop.run(flags);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK(said({"--resume", "o"}) ==
        "mnist_train: o/config.json: found no such file, expected that of a run to go on with\n");
  REQUIRE(workshop.run(small + Words{"--rules", "bp", "--seeds", "1", "--out", "o"}).status == 0);
  CHECK(said({"--resume", "o"}) ==
        "mnist_train: --resume: found a run without checkpoints in 'o', expected one that was started with "
        "--checkpoint-every\n");
  CHECK(said({"--resume", "o", "--lr", "0.1"}) ==
        "mnist_train: --resume: found --lr beside it, expected --threads at most: all else is as the run was "
        "started\n");
  CHECK(said({"--overwrite", "--resume", "o"}).find("found --overwrite beside it") != std::string::npos);
  CHECK(said({"--resume", "o", "--dry-run"}).find("found --dry-run beside it") != std::string::npos);
  CHECK(said({"--checkpoint-every", "0"}).find("--checkpoint-every: found '0'") != std::string::npos);
  for (const char* config : {"", "{", "[]", "{}", R"({"program":3})"}) {
    CAPTURE(config);
    std::ofstream(workshop.folder() / "o/config.json") << config;
    CHECK(said({"--resume", "o"}).starts_with("mnist_train: o/config.json: "));
  }
}

TEST_CASE("damaged, foreign and other checkpoints and data are refused with one sentence") {
  const StoppedRun run;
  const std::string bytes = run.workshop.read(checkpoint);
  REQUIRE(bytes.size() > 10'000);
  const std::string start = "mnist_train: " + std::string(checkpoint) + ": ";
  run.write(checkpoint, bytes.substr(0, 5));
  CHECK(run.refusal() == start + "found a file of 5 bytes, expected at least 8\n");
  run.write(checkpoint, bytes.substr(0, bytes.size() / 2));
  CHECK(run.refusal().starts_with(start + "found tensor '"));
  run.write(checkpoint, bytes + "x");
  CHECK(run.refusal() == start + "found 1 bytes after the last tensor, expected none\n");
  std::string damaged = bytes;
  damaged[bytes.size() - 1000] = static_cast<char>(damaged[bytes.size() - 1000] ^ 4);
  run.write(checkpoint, damaged);
  CHECK(run.refusal().find("found contents with the fingerprint ") != std::string::npos);
  run.write(checkpoint, std::string(bytes.size(), '\0'));
  CHECK(run.refusal().find("does not start with '{'") != std::string::npos);
  run.write(checkpoint, "rule,step_kind,lr,seed\n");
  CHECK(run.refusal().find("at byte 0 found a header of ") != std::string::npos);

  // Of another rule, which has no other layers.
  run.write("o/checkpoints/fa-seed-1.safetensors", bytes);
  run.write(checkpoint, bytes);
  CHECK(run.refusal() ==
        "mnist_train: o/checkpoints/fa-seed-1.safetensors: found settings '{\"rule\":\"bp\",\"step_kind\":"
        "\"backward\",\"lr\":0.01,\"seed\":1,\"hidd...' in the metadata, expected '{\"rule\":\"fa\","
        "\"step_kind\":\"backward\",\"lr\":0.01,\"seed\":1,\"hidd...'\n");
  fs::remove(run.workshop.folder() / "o/checkpoints/fa-seed-1.safetensors");

  // Right in all that is written on it, and of another network.
  soap::TensorFile file = soap::read_safetensors(run.workshop.folder() / checkpoint);
  file.tensors.at("layers.0.weight").shape = {784, 16};
  run.write(checkpoint, soap::to_safetensors(file));
  const Outcome wrong_shape = run.workshop.run({"--resume", "o"});
  CHECK(wrong_shape.status == 2);
  CHECK(lines_of(wrong_shape.err).back() ==
        start + "found tensor 'layers.0.weight' as F32 of shape [784, 16], expected F32 of shape [16, 784]");
  run.write(checkpoint, bytes);

  auto config = nlohmann::json::parse(run.workshop.read("o/config.json"));
  const std::string source = "synthetic:train=500:test=100:seed=1";
  REQUIRE(config.at("data_source") == source);
  config["data_source"] = "synthetic:train=500:test=100:seed=2";
  run.write("o/config.json", config.dump());
  CHECK(run.refusal().find("--resume: found data with the fingerprint ") != std::string::npos);
}
