// Folders and files as others may have left them: taken by another program, links, pipes, things in the way.
#include <chrono>
#include <csignal>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace fs = std::filesystem;

namespace {

const Words tiny = {
    "--data", "synthetic:train=200:test=50", "--hidden", "4", "--epochs", "1", "--seeds", "1", "--threads",
    "1"};
const Words one_run = tiny + Words{"--rules", "bp"};
const Words endless = {"--epochs", "100000", "--checkpoint-every", "50"};
const Words sweep =
    Words{test::sweep_program} + tiny + Words{"--rules", "bp", "--lr", "0.1", "--validation", "20"};

// A program with a folder of its own for what it prints.
class Process {
 public:
  Process(const Workshop& workshop, const std::string& name, const Words& command,
          const std::vector<std::pair<std::string, std::string>>& environment = {})
      : program_(
            command,
            {.folder = workshop.folder(), .logs = made(workshop.logs() / name), .environment = environment}) {
  }
  Outcome outcome() {
    const int status = program_.wait();
    return {status, program_.out(), program_.err()};
  }
  void wait_for(const fs::path& file) const {
    const auto start = std::chrono::steady_clock::now();
    while (!fs::exists(file)) {
      REQUIRE(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  void send(int signal) const { program_.send(signal); }

 private:
  static fs::path made(const fs::path& folder) {
    fs::create_directory(folder);
    return folder;
  }
  Program program_;
};

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

void make_pipe(const fs::path& path) { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); }

}  // namespace

TEST_CASE("runs started in the same second without --out have folders of their own, with all their results") {
  const Workshop workshop;
  Process a(workshop, "a", workshop.command(one_run));
  Process b(workshop, "b", workshop.command(one_run));
  Process c(workshop, "c", sweep);
  Process d(workshop, "d", sweep);
  for (Process* process : {&a, &b, &c, &d}) CHECK(process->outcome().status == 0);
  const Words runs = names_in(workshop.folder() / "runs");
  REQUIRE(runs.size() == 4);
  for (const std::string& run : runs) {
    const fs::path folder = workshop.folder() / "runs" / run;
    CHECK(fs::exists(folder / (run.starts_with("mnist-") ? "summary.csv" : "report/report.md")));
    CHECK_FALSE(fs::exists(folder / ".lock"));
  }
}

TEST_CASE("of runs that want the same folder one gets it, and the others are refused while it works") {
  const Workshop workshop;
  const Process first(workshop, "first", workshop.command(one_run + endless + Words{"--out", "o"}));
  first.wait_for(workshop.folder() / "o/checkpoints/bp-seed-1.safetensors");
  const std::string config = workshop.read("o/config.json");
  const std::string refused = "mnist_train: o: found another program at work in it (process ";
  for (const Words& flags : {one_run + Words{"--out", "o", "--overwrite"}, Words{"--resume", "o"}}) {
    const Outcome second = workshop.run(flags);
    CHECK(second.status == 2);
    REQUIRE(!lines_of(second.err).empty());
    CHECK(lines_of(second.err).back().starts_with(refused));
  }
  CHECK(workshop.run(one_run + Words{"--out", "o"}).status == 2);
  CHECK(workshop.read("o/config.json") == config);

  // The lock ends with its holder.
  first.send(SIGKILL);
  const Outcome after = workshop.run(one_run + Words{"--out", "o", "--overwrite"});
  CHECK(after.status == 0);
  CHECK(names_in(workshop.folder() / "o") ==
        Words{"comparison.csv", "config.json", "curves.png", "metrics.csv", "summary.csv"});
}

TEST_CASE("processes of one sweep share its folder, and another sweep is refused while they work") {
  const Workshop workshop;
  const Words longer = sweep + Words{"--epochs", "5000", "--out", "o"};
  const Process first(workshop, "first", longer);
  first.wait_for(workshop.folder() / "o/claims");
  Process other(workshop, "other", longer + Words{"--seeds", "2"});
  const Outcome refused = other.outcome();
  CHECK(refused.status == 2);
  REQUIRE(!lines_of(refused.err).empty());
  CHECK(lines_of(refused.err)
            .back()
            .starts_with("sweep: o: found another program at work in it with other settings (process "));
  Process training(workshop, "training", workshop.command(one_run + Words{"--out", "o", "--overwrite"}));
  CHECK(training.outcome().status == 2);
  Process same(workshop, "same", longer);
  same.wait_for(workshop.folder() / "o/config.json");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  same.send(SIGINT);
  CHECK(same.outcome().status == 130);
}

TEST_CASE("one of several ranks is given a folder, or refused") {
  const Workshop workshop;
  int runs = 0;
  const auto refusal = [&](const Words& command,
                           const std::vector<std::pair<std::string, std::string>>& environment) {
    const Outcome outcome = Process(workshop, std::to_string(++runs), command, environment).outcome();
    CHECK(outcome.status == 2);
    REQUIRE(lines_of(outcome.err).size() == 1);
    return outcome.err;
  };
  const std::string why =
      ": --out: found none for rank 1 of 2, expected a folder: without one every rank would do all\n";
  CHECK(refusal(sweep + Words{"--rank", "1", "--world-size", "2"}, {}) == "sweep" + why);
  const std::vector<std::pair<std::string, std::string>> mpi = {{"OMPI_COMM_WORLD_RANK", "1"},
                                                                {"OMPI_COMM_WORLD_SIZE", "2"}};
  CHECK(refusal(sweep, mpi) == "sweep" + why);
  CHECK(refusal(workshop.command(one_run), mpi) == "mnist_train" + why);
  CHECK(refusal(workshop.command(one_run), {{"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "2"}}) ==
        "mnist_train" + why);
  CHECK(names_in(workshop.folder()).empty());
  // Jobs of an array differ in what they are told.
  Process job(workshop, "job", workshop.command(one_run),
              {{"SLURM_ARRAY_TASK_COUNT", "2"}, {"SLURM_ARRAY_TASK_ID", "1"}});
  CHECK(job.outcome().status == 0);
}

TEST_CASE("--overwrite leaves a person's own files and what lies behind links") {
  const Workshop workshop;
  const Words saving = one_run + Words{"--save-model", "--checkpoint-every", "5", "--out", "o"};
  REQUIRE(workshop.run(saving).status == 0);
  write(workshop.folder() / "o/models/my-thesis.safetensors", "mine");
  const Words plain = one_run + Words{"--out", "o", "--overwrite"};
  REQUIRE(workshop.run(plain).status == 0);
  CHECK(names_in(workshop.folder() / "o/models") == Words{"my-thesis.safetensors"});
  CHECK_FALSE(fs::exists(workshop.folder() / "o/checkpoints"));

  fs::create_directory(workshop.folder() / "theirs");
  write(workshop.folder() / "theirs/bp-seed-1.safetensors", "mine");
  fs::create_symlink("../theirs", workshop.folder() / "o/checkpoints");
  const Outcome refused = workshop.run(plain);
  CHECK(refused.status == 2);
  CHECK(
      refused.err ==
      "mnist_train: o/checkpoints: found a symbolic link, expected a folder of an earlier run, or nothing\n");
  CHECK(names_in(workshop.folder() / "theirs") == Words{"bp-seed-1.safetensors"});
}

TEST_CASE("links planted in a shared folder are not written through") {
  for (const std::string name :
       {"config.json", "report", "trials", "claims", "timings", "report/report.md"}) {
    CAPTURE(name);
    const Workshop workshop;
    fs::create_directories(workshop.folder() / "o/trials");
    fs::create_directories(workshop.folder() / "theirs");
    write(workshop.folder() / "theirs/page", "mine");
    if (name.find('/') != std::string::npos) fs::create_directory(workshop.folder() / "o/report");
    fs::remove(workshop.folder() / "o" / name);
    const bool is_file = name.find('.') != std::string::npos;
    fs::create_symlink(workshop.folder() / (is_file ? "theirs/page" : "theirs"),
                       workshop.folder() / "o" / name);
    const Outcome outcome = Process(workshop, "log", sweep + Words{"--out", "o"}).outcome();
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find("o/" + name + ": found a symbolic link") != std::string::npos);
    CHECK(names_in(workshop.folder() / "theirs") == Words{"page"});
    CHECK(workshop.read("theirs/page") == "mine");
  }
}

TEST_CASE("a sweep goes on past links and things in the way, and says which folder or pipe stops it") {
  const Workshop workshop;
  const auto run = [&](const Words& command) {
    fs::remove_all(workshop.logs() / "log");
    return Process(workshop, "log", command).outcome();
  };
  const Words here = sweep + Words{"--out", "o"};
  REQUIRE(run(here).status == 0);
  const fs::path trials = workshop.folder() / "o/trials";
  const std::string file = names_in(trials).front();
  const std::string bytes = test::text_of(trials / file);
  fs::remove(trials / file);
  fs::create_symlink(file, trials / file);
  CHECK(run(here).status == 0);
  CHECK(test::text_of(trials / file) == bytes);

  for (const bool pipe : {false, true}) {
    CAPTURE(pipe);
    fs::remove(trials / file);
    pipe ? make_pipe(trials / file) : void(fs::create_directory(trials / file));
    const Outcome outcome = run(here);
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find("sweep: o/trials/" + file + ": found a ") != std::string::npos);
    CHECK(outcome.err.find(", expected the result of a trial\n") != std::string::npos);
  }
  fs::remove(trials / file);
  fs::create_directories(workshop.folder() / "o/claims" / file.substr(0, file.find('.')) / "inside");
  CHECK(run(here).status == 0);

  // What the report reads beside the results.
  for (const std::string other : {"o/config.json", "o/timings/pipe.csv"}) {
    fs::remove(workshop.folder() / other);
    make_pipe(workshop.folder() / other);
  }
  CHECK(run({test::sweep_program, "--report", "o"}).status == 0);
  const std::string page = workshop.read("o/report/report.md");
  CHECK(page.find("config.json cannot be read (found `a pipe, device or socket`)") != std::string::npos);
  CHECK(page.find("1 file of timings is damaged") != std::string::npos);
  fs::remove(workshop.folder() / "o/looks.csv");
  make_pipe(workshop.folder() / "o/looks.csv");
  CHECK(run({test::sweep_program, "--report", "o"}).err ==
        "sweep: o/looks.csv: found a pipe, device or socket, expected a CSV file\n");
}

TEST_CASE("pipes, devices and circles of links are refused where a file is read") {
  const Workshop workshop;
  fs::create_directories(workshop.folder() / "o/checkpoints");
  make_pipe(workshop.folder() / "pipe");
  fs::create_symlink("circle", workshop.folder() / "circle");
  const std::string pipe = "pipe, device or socket, expected ";
  const auto plot = [&](const std::string& file) {
    fs::remove_all(workshop.logs() / "log");
    return Process(workshop, "log", {test::plot_program, file}).outcome().err;
  };
  CHECK(plot("pipe") == "plot: pipe: found a " + pipe + "a CSV file\n");
  CHECK(plot("/dev/zero") == "plot: /dev/zero: found a " + pipe + "a CSV file\n");
  CHECK(plot("none") == "plot: none: found no such file, expected a CSV file\n");
  CHECK(plot("circle") ==
        "plot: circle: found 'Too many levels of symbolic links' when looking for it, expected a CSV file\n");
  CHECK(plot("o") == "plot: o: found a folder, expected a CSV file\n");

  make_pipe(workshop.folder() / "o/config.json");
  CHECK(workshop.run({"--resume", "o"}).err ==
        "mnist_train: o/config.json: found a " + pipe + "that of a run to go on with\n");
  CHECK(
      workshop.run(one_run + Words{"--data", "circle"}).err ==
      "mnist_train: circle: found 'Too many levels of symbolic links' when looking for it, expected a folder "
      "with the files of MNIST\n");
  fs::create_directory(workshop.folder() / "data");
  fs::create_symlink("train-images-idx3-ubyte", workshop.folder() / "data/train-images-idx3-ubyte");
  CHECK(workshop.run(one_run + Words{"--data", "data"}).err.find("'Too many levels of symbolic links'") !=
        std::string::npos);
  fs::remove(workshop.folder() / "data/train-images-idx3-ubyte");
  make_pipe(workshop.folder() / "data/train-images-idx3-ubyte");
  write(workshop.folder() / "data/train-labels-idx1-ubyte", "x");
  CHECK(workshop.run(one_run + Words{"--data", "data", "--out", "p"}).status == 2);
  CHECK(names_in(workshop.folder()) == Words{"circle", "data", "o", "pipe"});
}
