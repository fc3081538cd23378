// What a user may not read or write is told as that, and not as a thing that is not there.
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"

using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace fs = std::filesystem;

namespace {

const Words tiny = {
    "--data", "synthetic:train=200:test=50", "--hidden", "4", "--epochs", "1", "--seeds", "1", "--rules",
    "bp"};
const Words sweep = Words{test::sweep_program} + tiny +
                    Words{"--lr", "0.1", "--validation", "20", "--threads", "1", "--out", "s"};

// For as long as it lives.
class Rights {
 public:
  Rights(fs::path path, fs::perms rights) : path_(std::move(path)), before_(fs::status(path_).permissions()) {
    fs::permissions(path_, rights);
  }
  Rights(const Rights&) = delete;
  Rights& operator=(const Rights&) = delete;
  ~Rights() { fs::permissions(path_, before_); }

 private:
  fs::path path_;
  fs::perms before_;
};

constexpr fs::perms readable = fs::perms::owner_read | fs::perms::owner_exec;

Outcome run(const Workshop& workshop, const Words& command) {
  Program program(command,
                  {.folder = workshop.folder(), .logs = workshop.logs(), .bound_by_permissions = true});
  const int status = program.wait();
  return {status, program.out(), program.err()};
}

// What is said of a command that is refused.
std::string refusal(const Workshop& workshop, const Words& command) {
  const Outcome outcome = run(workshop, command);
  CHECK(outcome.status == 2);
  return outcome.err;
}

std::string train(const Workshop& workshop, const Words& flags) {
  return refusal(workshop, workshop.command(flags));
}

}  // namespace

TEST_CASE("data that may not be read") {
  const Workshop workshop;
  const fs::path data = workshop.folder() / "data";
  fs::create_directory(data);
  for (const char* part : {"train", "t10k"})
    for (const char* ending : {"-images-idx3-ubyte", "-labels-idx1-ubyte"})
      std::ofstream(data / (part + std::string(ending))) << "x";
  const Words flags = {"--rules", "bp", "--data", "data", "--out", "o"};
  {
    const Rights none(data / "train-labels-idx1-ubyte", fs::perms::none);
    CHECK(train(workshop, flags) ==
          "mnist_train: data/train-labels-idx1-ubyte: found 'Permission denied' when opening, expected a "
          "file\n");
  }
  {
    const Rights none(data, fs::perms::none);
    CHECK(
        train(workshop, flags) ==
        "mnist_train: data/train-images-idx3-ubyte: found 'Permission denied' when looking for it, expected "
        "a file of MNIST's\n");
  }
  CHECK(names_in(workshop.folder()) == Words{"data"});
}

TEST_CASE("folders that may not be read or written") {
  const Workshop workshop;
  fs::create_directory(workshop.folder() / "f");
  const Words inside = tiny + Words{"--out", "f/o"};
  {
    const Rights none(workshop.folder() / "f", fs::perms::none);
    CHECK(
        train(workshop, inside) ==
        "mnist_train: f/o: found 'Permission denied' when looking for it, expected a folder or a new name\n");
    CHECK(train(workshop, {"--resume", "f/o"}) ==
          "mnist_train: f/o/config.json: found 'Permission denied' when looking for it, expected that of a "
          "run to go on with\n");
  }
  const Rights read(workshop.folder() / "f", readable);
  CHECK(train(workshop, inside) ==
        "mnist_train: f/o: found a folder that cannot be made (Permission denied), expected one that can\n");
  CHECK(
      train(workshop, tiny + Words{"--out", "f", "--overwrite"}) ==
      "mnist_train: f/.lock: found 'Permission denied' when opening, expected a file that can be written\n");
  CHECK(names_in(workshop.folder() / "f").empty());
}

TEST_CASE("a run's own files that may not be read") {
  const Workshop workshop;
  REQUIRE(workshop.run(tiny + Words{"--checkpoint-every", "2", "--out", "o"}).status == 0);
  const std::string checkpoint = "o/checkpoints/" + names_in(workshop.folder() / "o/checkpoints").front();
  const Words resume = {"--resume", "o"};
  {
    const Rights none(workshop.folder() / "o/config.json", fs::perms::none);
    CHECK(train(workshop, resume) ==
          "mnist_train: o/config.json: found 'Permission denied' when opening, expected that of a run to go "
          "on with\n");
  }
  {
    const Rights none(workshop.folder() / checkpoint, fs::perms::none);
    CHECK(train(workshop, resume) ==
          "mnist_train: " + checkpoint +
              ": found 'Permission denied' when opening, expected a safetensors file\n");
  }
  const Rights none(workshop.folder() / "o/metrics.csv", fs::perms::none);
  CHECK(refusal(workshop, {test::plot_program, "o/metrics.csv"}) ==
        "plot: o/metrics.csv: found 'Permission denied' when opening, expected a CSV file\n");
}

TEST_CASE("results of a sweep that may not be read") {
  const Workshop workshop;
  REQUIRE(run(workshop, sweep).status == 0);
  const Words report = {test::sweep_program, "--report", "s"};
  {
    const Rights none(workshop.folder() / "s/trials", fs::perms::none);
    CHECK(
        refusal(workshop, report) ==
        "sweep: s/trials: found a folder that cannot be read (Permission denied), expected the results of a "
        "sweep\n");
    CHECK(refusal(workshop, sweep)
              .ends_with("sweep: s/trials: found 'Permission denied' when opening, expected a folder that "
                         "can be written\n"));
  }
  {
    const Rights none(workshop.folder() / "s/report", fs::perms::none);
    CHECK(refusal(workshop, report) ==
          "sweep: s/report: found 'Permission denied' when opening, expected a folder that can be written\n");
  }

  // A damaged result is run again.
  const fs::path trials = workshop.folder() / "s/trials";
  const fs::path result = trials / names_in(trials).front();
  const std::string bytes = test::text_of(result);
  fs::permissions(result, fs::perms::none);
  CHECK(run(workshop, sweep).status == 0);
  CHECK(test::text_of(result) == bytes);
  CHECK((fs::status(result).permissions() & fs::perms::owner_read) != fs::perms::none);
}
