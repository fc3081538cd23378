// The program sweep, alone and as several processes that share a folder.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <random>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/io/csv.hpp"

#include "tests/apps/mnist_train.hpp"

using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

const Words small_sweep = {"--data",       "synthetic:train=1500:test=300",
                           "--validation", "300",
                           "--rules",      "bp,fa,dfa",
                           "--lr",         "log:1e-2:1:3",
                           "--seeds",      "2",
                           "--hidden",     "24",
                           "--epochs",     "2",
                           "--threads",    "1"};
constexpr std::size_t trials_of_it = 3 * 3 * 2 + 3 * 2;

Words sweep(const Words& flags) { return Words{test::sweep_program} + small_sweep + flags; }

Outcome run(const Workshop& workshop, const Words& flags) {
  Program program(sweep(flags), {workshop.folder(), workshop.logs()});
  const int status = program.wait();
  return {status, program.out(), program.err()};
}

using Results = std::map<std::string, std::string>;

Results results_in(const std::filesystem::path& out) {
  Results results;
  for (const auto& name : names_in(out / "trials")) {
    if (!name.starts_with('.')) results[name] = test::text_of(out / "trials" / name);
  }
  return results;
}

const Results& expected() {
  static const Results results = [] {
    const Workshop workshop;
    REQUIRE(run(workshop, {"--out", "o"}).status == 0);
    return results_in(workshop.folder() / "o");
  }();
  return results;
}

// What a page says of results, not of the calls that made them.
std::string without_provenance(const std::string& page) { return page.substr(0, page.find("## Provenance")); }

// A process of a sweep, with a folder of its own for what it prints.
class Rank {
 public:
  Rank(const Workshop& workshop, const std::string& name, const Words& flags)
      : program_(sweep(flags + Words{"--out", "o"}), {workshop.folder(), made(workshop.logs() / name)}) {}
  Program& operator*() { return program_; }
  Program* operator->() { return &program_; }

 private:
  static std::filesystem::path made(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    return folder;
  }
  Program program_;
};

Words rank(int number, int size) {
  return {"--rank", std::to_string(number), "--world-size", std::to_string(size)};
}

}  // namespace

TEST_CASE("a sweep ends with a table, and again runs nothing and says the same") {
  const Workshop workshop;
  const Outcome first = run(workshop, {"--out", "o"});
  CHECK(first.status == 0);
  CHECK(first.err.find("tuning: 18 of 18 trials") != std::string::npos);
  CHECK(first.err.find("judging: 6 of 6 trials") != std::string::npos);
  CHECK(first.out.find("test accuracy %") != std::string::npos);
  CHECK(results_in(workshop.folder() / "o").size() == trials_of_it);
  const Outcome again = run(workshop, {"--out", "o"});
  CHECK(again.out == first.out);
  // Nothing but what two seeds cannot decide, before the first trial.
  CHECK(again.err == first.err.substr(0, again.err.size()));
  CHECK(again.err ==
        "sweep: 2 comparisons with bp take 7 seeds or more to decide anything; found 2\n"
        "sweep: 3 pairs of methods take 8 seeds or more to decide anything; found 2\n");
  // More seeds are only what is missing.
  CHECK(run(workshop, {"--out", "o", "--dry-run"}).out.find("18 tuning trials") != std::string::npos);
}

TEST_CASE("a trial that cannot go on is a result of a sweep, shown with its reason, and never run again") {
  const Workshop workshop;
  const Words command = {test::sweep_program,
                         "--data",
                         "synthetic:train=1500:test=300",
                         "--validation",
                         "300",
                         "--rules",
                         "bp",
                         "--step",
                         "backward,soap:lr=1e-30:damping=1:relative=yes:warmup=0",
                         "--lr",
                         "0.01,0.1",
                         "--seeds",
                         "2",
                         "--hidden",
                         "24",
                         "--out",
                         "o"};
  const auto run_it = [&] {
    Program program(command, {workshop.folder(), workshop.logs()});
    const int status = program.wait();
    return Outcome{status, program.out(), program.err()};
  };
  const Outcome first = run_it();
  CHECK(first.status == 0);
  CHECK(first.err.find("tuning: 8 of 8 trials, 0 running, 4 failed") != std::string::npos);
  CHECK(first.out.find("(2 failed)") != std::string::npos);
  const auto trials = soap::read_csv(workshop.folder() / "o/report/trials.csv");
  std::size_t failed = 0;
  for (std::size_t row = 0; row < trials.rows(); ++row) {
    if (trials.text(row, trials.column("status")) != "failed") continue;
    ++failed;
    CHECK(trials.text(row, trials.column("message")).find("training cannot go on at epoch 1") == 0);
    CHECK(trials.number(row, trials.column("counted_accuracy")) == 0.1);
  }
  CHECK(failed == 6);
  CHECK(workshop.read("o/report/report.md").find("6 trials of") != std::string::npos);
  const Outcome again = run_it();
  CHECK(again.status == 0);
  CHECK(again.out == first.out);
  CHECK(again.err.find("tuning") == std::string::npos);
}

TEST_CASE("without --lr a sweep tries each method around its usual rate") {
  const Workshop workshop;
  const auto rates = [&](const Words& flags) {
    Program program(Words{test::sweep_program, "--data", "synthetic:train=1500:test=300", "--validation",
                          "300", "--seeds", "2", "--dry-run"} +
                        flags,
                    {workshop.folder(), workshop.logs()});
    CHECK(program.wait() == 0);
    const std::string out = program.out();
    const std::size_t at = out.find("searched: lr ");
    return out.substr(at, out.find('\n', at) - at);
  };
  CHECK(rates({"--rules", "bp"}) == "searched: lr 0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1");
  CHECK(rates({"--rules", "bp", "--optimizer", "adam"}) ==
        "searched: lr 0.0001, 0.000316, 0.001, 0.00316, 0.01, 0.0316, 0.1");
  CHECK(rates({"--rules", "pepita"}) == "searched: lr 0.1, 0.316, 1, 3.16, 10, 31.6, 100");
  CHECK(rates({"--rules", "pepita", "--lr", "0.01,0.1"}) == "searched: lr 0.01, 0.1");
}

TEST_CASE("three processes with ranks, or from mpirun's environment, make the same files as one") {
  const Workshop workshop;
  Rank a(workshop, "a", rank(0, 3));
  Rank b(workshop, "b", rank(1, 3));
  Rank c(workshop, "c", rank(2, 3));
  CHECK(a->wait() == 0);
  CHECK(b->wait() == 0);
  CHECK(c->wait() == 0);
  CHECK(results_in(workshop.folder() / "o") == expected());
  CHECK(a->out() == b->out() + "report in o/report/report.md\n");
  CHECK(c->out() == b->out());
  CHECK(b->err().starts_with("sweep: rank 1 of 3\n"));
}

TEST_CASE("a process that joins late, one with a rank that is taken and one killed do no harm") {
  const Workshop workshop;
  std::mt19937 random(7);  // NOLINT: the same moments each time
  for (int round = 0; round < 4; ++round) {
    Rank killed(workshop, "killed" + std::to_string(round), rank(0, 2));
    Rank same(workshop, "same" + std::to_string(round), rank(0, 2));
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(5, 60)(random)));
    killed->send(SIGKILL);
    same->send(SIGKILL);
    killed->wait();
    same->wait();
  }
  Rank last(workshop, "last", rank(1, 2));
  Rank late(workshop, "late", rank(1, 2));
  CHECK(last->wait() == 0);
  CHECK(late->wait() == 0);
  CHECK(results_in(workshop.folder() / "o") == expected());
}

TEST_CASE("Ctrl-C keeps what is done, says how to go on, and the same command does") {
  const Workshop workshop;
  Rank stopped(workshop, "stopped", {"--epochs", "200"});
  while (stopped->err().find(" of 18 trials") == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  stopped->send(SIGINT);
  CHECK(stopped->wait() == 130);
  CHECK(stopped->err().find("trials are done and kept. To go on, run the same command again with --out o") !=
        std::string::npos);
  CHECK(names_in(workshop.folder() / "o" / "claims").empty());
}

TEST_CASE("of settings with equal results the table and the report choose the same") {
  // A decay of 1e-13 changes no weight: both get the same images right, and that without one comes first.
  const Workshop workshop;
  Program program({test::sweep_program, "--data", "synthetic:train=200:test=50", "--validation", "20",
                   "--hidden", "4", "--rules", "bp", "--lr", "0.1", "--weight-decay", "0,1e-13", "--seed",
                   "1", "--seeds", "1", "--out", "o"},
                  {workshop.folder(), workshop.logs()});
  CHECK(program.wait() == 0);
  CHECK(program.out().find("1e-13 ") == std::string::npos);
  const std::string page = test::text_of(workshop.folder() / "o" / "report" / "report.md");
  CHECK(page.find("No judged trials yet") == std::string::npos);
  CHECK(page.find("other settings") == std::string::npos);
}

TEST_CASE("--extend widens the grid for all rules until no best value lies at its edge") {
  const Workshop workshop;
  const Outcome outcome = run(workshop, {"--out", "o", "--lr", "0.001,0.003", "--extend"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("highest") == std::string::npos);
  const std::size_t tuning_of_a_rate = 3 * 2;
  CHECK(results_in(workshop.folder() / "o").size() >= 4 * tuning_of_a_rate);
  CHECK(results_in(workshop.folder() / "o").size() % tuning_of_a_rate == 0);
}

TEST_CASE("--extend says where it ended, and what it does not widen") {
  const Workshop workshop;
  // Rates far too small to change what any image is taken for: all are equal, and the lowest is best however
  // far the grid grows.
  const Outcome rates =
      run(workshop, {"--out", "o", "--lr", "1e-9,2e-9", "--rules", "bp", "--epochs", "1", "--extend"});
  CHECK(rates.status == 0);
  CHECK(rates.out.find("--extend stopped after 10 widenings; lr still at the lowest\n") != std::string::npos);
  CHECK(results_in(workshop.folder() / "o").size() == 12 * 2 + 2);
  const auto report = workshop.folder() / "o" / "report" / "report.md";
  CHECK(test::text_of(report).find("lies at the edge of what was tried: lr lowest") != std::string::npos);
  CHECK(without_provenance(test::text_of(report)).find("--extend") == std::string::npos);

  const Outcome batches = run(workshop, {"--out", "p", "--lr", "0.01,0.1,10", "--rules", "bp", "--batch-size",
                                         "8,500", "--epochs", "1", "--extend"});
  CHECK(batches.out.find("batch size lowest") != std::string::npos);
  CHECK(batches.out.find("--extend widens lr alone; at an edge: batch size\n") != std::string::npos);
  CHECK(batches.out.find("--extend stopped") == std::string::npos);
}

TEST_CASE("what a sweep cannot decide and all that it would do is said before the first trial") {
  const Workshop workshop;
  const std::string rules = "bp,fa,dfa,kp,wm,sign,usf,brsf,frsf,sparse:density=0.5,noisy,delayed,drtp,pepita";
  const Outcome plan = run(workshop, {"--rules", rules, "--seeds", "6", "--hidden", "24,30x30", "--lr", "0.1",
                                      "--batch-size", "64,128", "--dry-run"});
  CHECK(plan.status == 0);
  // The smallest p of n pairs is 2/2^n; 13 of them are below 0.035 from n = 10 on: 26/512 = 0.051, 26/1024 =
  // 0.025. 91 pairs: 182/4096 = 0.044, 182/8192 = 0.022.
  CHECK(plan.err ==
        "sweep: 13 comparisons with bp take 10 seeds or more to decide anything; found 6\n"
        "sweep: 91 pairs of methods take 13 seeds or more to decide anything; found 6\n");
  CHECK(plan.out.find("336 tuning trials (2 problems x 14 methods x 2 settings x 6 seeds)") !=
        std::string::npos);
  CHECK(plan.out.find("problem: hidden 30-30, tanh") != std::string::npos);
  CHECK(plan.out.find("searched: batch size 64, 128\n") != std::string::npos);
  CHECK(plan.out.find("for all: lr 0.1, optimizer sgd") != std::string::npos);
  for (const std::string& line : test::lines_of(plan.out)) CHECK(line.size() <= 80);
  CHECK(names_in(workshop.folder()).empty());

  // Defaults are values too, and a baseline is a method however it is spelled.
  const Outcome spelled = run(workshop, {"--rules", "bp,sign", "--seeds", "10", "--momentum", "0,0.9",
                                         "--baseline", "sign:period=6400", "--dry-run"});
  CHECK(spelled.err.empty());
  CHECK(spelled.out.find("searched: momentum 0, 0.9\n") != std::string::npos);
  CHECK(spelled.out.find("nesterov") == std::string::npos);

  CHECK(run(workshop, {"--rules", "fa,dfa", "--seeds", "10", "--dry-run"}).err ==
        "sweep: there is no bp among the methods, so that none is compared with it; see --baseline\n");
  CHECK(run(workshop, {"--seeds", "10", "--dry-run"}).err.empty());
  // 7 rates: 7 + 4 + 4 trials of each rule.
  CHECK(run(workshop, {"--lr", "log:1e-3:1:7", "--seeds", "10", "--halving", "--dry-run"})
            .out.find("45 tuning trials, by successive") != std::string::npos);
}

TEST_CASE("a report that chooses by other results in the folder is told apart from the command's table") {
  const Workshop workshop;
  CHECK(run(workshop, {"--out", "o", "--rules", "bp", "--epochs", "1"}).status == 0);
  const Outcome narrow = run(workshop, {"--out", "o", "--rules", "bp", "--epochs", "1", "--lr", "1e-6"});
  CHECK(narrow.err.find("by which the report chooses for bp: lr ") != std::string::npos);
}

TEST_CASE("--halving drops the worse half after each round of seeds, and says what that saved") {
  const Workshop workshop;
  const Outcome outcome = run(workshop, {"--out", "o", "--halving", "--lr", "log:1e-2:1:5"});
  CHECK(outcome.status == 0);
  CHECK(outcome.err.find("tuning, round 2 of 2: ") != std::string::npos);
  // Of each of 3 rules 5 settings with one seed and 3 with a second, of 10; then 2 seeds judged.
  CHECK(outcome.out.find("ran 24 of 30 tuning trials, and saved 20 %") != std::string::npos);
  CHECK(results_in(workshop.folder() / "o").size() == 24 + 6);
}

TEST_CASE("--budget draws settings for all rules alike, the same in every process, and a larger one adds") {
  const Workshop workshop;
  const Words grid = {"--out", "o", "--lr", "log:1e-3:1:7", "--seeds", "2", "--epochs", "1"};
  const Outcome outcome = run(workshop, grid + Words{"--budget", "5"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("12 tuning trials (3 methods x 2 settings x 2 seeds)") != std::string::npos);
  const auto keys = [&] { return results_in(workshop.folder() / "o"); };
  const Results small = keys();
  CHECK(run(workshop, grid + Words{"--budget", "8"}).status == 0);
  for (const auto& [key, bytes] : small) CHECK(keys().contains(key));
  CHECK(run(workshop, grid + Words{"--budget", "8", "--dry-run"}).out.find("24 tuning trials") !=
        std::string::npos);
  // 2 settings with 1 seed and then the better one with 2 are 3 trials.
  CHECK(run(workshop, grid + Words{"--budget", "3", "--halving", "--dry-run"}).out.find("x 2 seeds") !=
        std::string::npos);
}

TEST_CASE("times of trials lie apart from their results, a row for each") {
  const Workshop workshop;
  CHECK(run(workshop, {"--out", "o"}).status == 0);
  CHECK(run(workshop, {"--out", "o"}).status == 0);
  const auto tables = names_in(workshop.folder() / "o" / "timings");
  REQUIRE(tables.size() == 1);
  const auto rows = test::lines_of(test::text_of(workshop.folder() / "o" / "timings" / *tables.begin()));
  CHECK(rows.size() == 1 + trials_of_it);
}

TEST_CASE("a sweep says in config.json what it used, and has a row for each trial in trials.csv") {
  const Workshop workshop;
  REQUIRE(run(workshop, {"--out", "o", "--target-loss", "0.5", "--evaluations", "3"}).status == 0);
  const auto config = nlohmann::json::parse(test::text_of(workshop.folder() / "o" / "config.json"));
  CHECK(config.at("validation") == 300);
  CHECK(config.at("data_source") == "synthetic:train=1500:test=300:seed=1");
  CHECK(config.at("data_fingerprint").get<std::string>().size() == 16);
  CHECK(config.at("normalization") == nlohmann::json{{"mean", 0.1602}, {"standard_deviation", 0.3052}});
  CHECK(config.at("target_loss") == 0.5);
  CHECK(config.at("evaluations") == 3);
  CHECK(config.at("baseline") == "bp");
  CHECK(config.at("out") == "o");
  const auto trials = soap::read_csv(workshop.folder() / "o" / "report" / "trials.csv");
  CHECK(trials.rows() == trials_of_it);
  std::size_t chosen = 0;
  for (std::size_t row = 0; row < trials.rows(); ++row)
    chosen += trials.text(row, trials.column("chosen")) == "yes" ? 1 : 0;
  CHECK(chosen == 3 * (2 + 2));
}

TEST_CASE("a sweep leaves a report, which --report makes again from the results alone") {
  const Workshop workshop;
  const auto report = workshop.folder() / "o" / "report";
  CHECK(run(workshop, {"--out", "o"}).out.ends_with("report in o/report/report.md\n"));
  const std::string page = test::text_of(report / "report.md");
  CHECK(page.find("**No ranking.** The methods share 2 judged seeds") != std::string::npos);
  for (const auto& name : names_in(report)) {
    if (name.ends_with(".png")) CHECK(page.find("](" + name + ")") != std::string::npos);
  }
  std::filesystem::remove(workshop.folder() / "o" / "config.json");
  std::filesystem::remove_all(report);
  const auto again = [&](const Words& flags) {
    Program program(Words{test::sweep_program} + flags, {workshop.folder(), workshop.logs()});
    const int status = program.wait();
    return Outcome{status, program.out(), program.err()};
  };
  CHECK(again({"--report", "o"}).out == "report in o/report/report.md\n");
  const std::string without_config = test::text_of(report / "report.md");
  CHECK(without_provenance(without_config) == without_provenance(page));
  CHECK(page.find("--rules bp,fa,dfa") != std::string::npos);
  CHECK(without_config.find("config.json is missing") != std::string::npos);
  CHECK(again({"--report", "o", "--baseline", "dfa"}).status == 0);
  CHECK(test::text_of(report / "report.md").find("less `dfa`") != std::string::npos);

  const auto damaged =
      workshop.folder() / "o" / "trials" / *names_in(workshop.folder() / "o" / "trials").begin();
  std::filesystem::resize_file(damaged, 20);
  CHECK(again({"--report", "o"}).err.find("1 result is damaged") != std::string::npos);
  CHECK(test::text_of(report / "report.md").find("## Damaged files") != std::string::npos);

  CHECK(again({"--report", "o", "--lr", "1"}).status == 2);
  CHECK(again({"--report", "o", "--lr", "1"}).err ==
        "sweep: --report: found it with --lr, expected no other flags than --baseline and --margin\n");
  std::filesystem::create_directories(workshop.folder() / "empty" / "trials");
  CHECK(again({"--report", "empty"}).err == "sweep: a sweep's results: found none, expected at least one\n");
  CHECK(again({"--report", "nowhere"}).status == 2);
}

TEST_CASE("--variance judges again with one source of chance changed, and the report tells them apart") {
  const Workshop workshop;
  const Words varied = {"--rules", "bp,fa", "--seeds", "4", "--out", "o"};
  const auto report = workshop.folder() / "o" / "report";
  CHECK(run(workshop, varied).status == 0);
  const std::string summary = test::text_of(report / "summary.csv");
  const std::size_t ordinary = 2 * (3 * 4 + 4);
  CHECK(results_in(workshop.folder() / "o").size() == ordinary);
  const Outcome outcome = run(workshop, varied + Words{"--variance", "3"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find(", and 3 more for each source of its variance") != std::string::npos);
  // bp has no feedback to draw.
  CHECK(outcome.err.find("variance: 15 of 15 trials") != std::string::npos);
  const Results results = results_in(workshop.folder() / "o");
  CHECK(results.size() == ordinary + 15);
  CHECK(test::text_of(report / "summary.csv") == summary);
  const std::string page = test::text_of(report / "report.md");
  CHECK(page.find("## Where the variance comes from") != std::string::npos);
  const auto rows = test::lines_of(test::text_of(report / "variance.csv"));
  CHECK(rows.size() == 1 + 3 + 4);

  // Again it runs nothing; a trial that is gone comes back as it was.
  CHECK(run(workshop, varied + Words{"--variance", "3"}).err.find(" of 15 trials") == std::string::npos);
  const auto gone = std::find_if(results.begin(), results.end(), [](const auto& result) {
    return result.second.find("feedback_seed") != std::string::npos;
  });
  REQUIRE(gone != results.end());
  std::filesystem::remove(workshop.folder() / "o" / "trials" / gone->first);
  CHECK(run(workshop, varied + Words{"--variance", "3"}).status == 0);
  CHECK(results_in(workshop.folder() / "o") == results);
  std::filesystem::remove_all(report);
  Program again({test::sweep_program, "--report", "o"}, {workshop.folder(), workshop.logs()});
  CHECK(again.wait() == 0);
  CHECK(without_provenance(test::text_of(report / "report.md")) == without_provenance(page));
}

TEST_CASE("wrong flags are refused in one sentence, before anything is made") {
  const Workshop workshop;
  const auto refused = [&](const Words& flags, const std::string& sentence) {
    CAPTURE(sentence);
    const Outcome outcome = run(workshop, flags);
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find(sentence) != std::string::npos);
    CHECK(test::lines_of(outcome.err).size() == 1);
  };
  refused({"--lr", "log:1:0.1:3"}, "--lr: found 'log:1:0.1:3', expected log:FIRST:LAST:COUNT");
  refused({"--lr", "0.1,-1"}, "--lr: found '-1'");
  refused({"--hidden", "24x0"}, "--hidden: found '24x0'");
  refused({"--validation", "1500"}, "--validation: found 1500, expected fewer than the 1,500");
  refused({"--rank", "1"}, "--rank: found it without --world-size");
  refused({"--rank", "2", "--world-size", "2"}, "--rank: found rank 2 of 2");
  refused({"--lr", "0.1", "--extend"}, "--extend: found one learning rate");
  refused({"--budget", "1"}, "--budget: found 1, expected at least 2, one setting with each seed");
  refused({"--budget", "9", "--extend"}, "--extend: found it with --budget");
  refused({"--variance", "3"}, "--variance: found '3', expected an integer of at most 2");
  refused({"--variance", "1"}, "--variance: found '1', expected an integer of at least 2");
  refused({"--variance", "2", "--seeds", "1"}, "--variance: found one seed, expected two or more in --seeds");
  refused({"--rules", "bpp"}, "bpp");
  refused({"--baseline", "kp"}, "--baseline: found 'kp', expected one of the methods: bp; fa; dfa");
  CHECK(names_in(workshop.folder()).empty());
  std::filesystem::create_directories(workshop.folder() / "mine" / "papers");
  refused({"--out", "mine"}, "--out: found 'mine', which holds something else");
}
