// Values that are spelled in several ways, and values at the ends of what numbers can be.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/mnist_train.hpp"

using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

const Words tiny = {
    "--data", "synthetic:train=200:test=50", "--validation", "20", "--seed", "1", "--seeds", "1", "--threads",
    "1"};

Outcome run(const Workshop& workshop, const Words& flags) {
  Program program(Words{test::sweep_program} + flags, {workshop.folder(), workshop.logs()});
  const int status = program.wait();
  return {status, program.out(), program.err()};
}

Outcome sweep(const Workshop& workshop, const Words& flags) {
  return run(workshop, tiny + Words{"--hidden", "4", "--out", "o"} + flags);
}

std::vector<std::string> values_in(const Workshop& workshop, const char* name) {
  std::vector<std::string> values;
  for (const auto& file : names_in(workshop.folder() / "o" / "trials"))
    values.push_back(nlohmann::json::parse(workshop.read("o/trials/" + file)).at("setting").at(name).dump());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace

TEST_CASE("two spellings of one value are refused in one sentence that names both") {
  struct Pair {
    const char* flag;
    const char* list;
    const char* first;
    const char* second;
  };
  const Pair pairs[] = {
      {"--lr", "0.1,0.10,0.3", "0.1", "0.10"},
      {"--lr", "0.1,1e-1", "0.1", "1e-1"},
      {"--momentum", "0.9,0.90", "0.9", "0.90"},
      {"--weight-decay", "0,0.0", "0", "0.0"},
      {"--batch-size", "64,064", "64", "064"},
      {"--epochs", "1,2,01", "1", "01"},
      {"--hidden", "10,010", "10", "010"},
      {"--hidden", "3x4,03x4", "3x4", "03x4"},
      {"--seeds", "1,01", "1", "01"},
      {"--rules", "sign,sign:period=6400", "sign", "sign:period=6400"},
      {"--rules", "bp/sign,bp,bp/sign:scale=one", "bp/sign", "bp/sign:scale=one"},
      {"--step", "soap:lr=1.0,backward,soap", "soap:lr=1.0", "soap"},
      {"--optimizer", "sgd,sgd:momentum=0", "sgd", "sgd:momentum=0"},
      {"--optimizer", "adam:beta1=0.9,sgd,adam", "adam:beta1=0.9", "adam"},
      {"--schedule", "constant:warmup=0,constant", "constant:warmup=0", "constant"},
      {"--activation", "leaky_relu:slope=1e-2,tanh,leaky_relu", "leaky_relu:slope=1e-2", "leaky_relu"},
  };
  const Workshop workshop;
  for (const Pair& pair : pairs) {
    CAPTURE(pair.flag);
    CAPTURE(pair.list);
    const Words seeds = std::string(pair.flag) == "--seeds" ? Words{} : Words{"--seed", "1", "--seeds", "1"};
    const Outcome outcome = run(workshop, Words{"--data", "synthetic:train=200:test=50", "--validation", "20",
                                                "--out", "o", pair.flag, pair.list} +
                                              seeds);
    CHECK(outcome.status == 2);
    CHECK(outcome.err == std::string("sweep: ") + pair.flag + ": found '" + pair.first + "' and '" +
                             pair.second + "', which are the same, expected different values\n");
  }
  CHECK(sweep(workshop, {"--init", "xavier_normal,xavier_normal"}).err ==
        "sweep: --init: found 'xavier_normal' twice, expected different values\n");
  CHECK(names_in(workshop.folder()).empty());
}

TEST_CASE("a sweep spelled anew has nothing left to run, and its results have one name") {
  const Workshop workshop;
  const Outcome first =
      sweep(workshop, {"--rules", "bp,sign:period=06400", "--lr", "1e-1,0.30", "--optimizer",
                       "sgd:weight_decay=0", "--momentum", "0.90", "--schedule", "constant:warmup=0",
                       "--batch-size", "032", "--epochs", "01"});
  CHECK(first.status == 0);
  const Outcome again = sweep(workshop, {"--rules", "bp,sign", "--lr", "0.1,0.3", "--momentum", "0.9",
                                         "--batch-size", "32", "--epochs", "1"});
  CHECK(again.status == 0);
  CHECK(again.err.find("trials") == std::string::npos);
  CHECK(again.out == first.out);
  // 2 rules at 2 rates tuned, then each judged at its best.
  CHECK(names_in(workshop.folder() / "o" / "trials").size() == 6);
  CHECK(values_in(workshop, "rule") == Words{"\"bp\"", "\"sign\""});
  CHECK(values_in(workshop, "optimizer") == Words{"\"sgd:momentum=0.9\""});
  CHECK(values_in(workshop, "schedule") == Words{"\"constant\""});
  const auto config = nlohmann::json::parse(workshop.read("o/config.json"));
  CHECK(config.at("trials").at(1).at("rule") == "sign");

  CHECK(run(workshop, {"--report", "o", "--baseline", "sign:period=6400"}).status == 0);
  CHECK(workshop.read("o/report/report.md").find("Compared with `sign`") != std::string::npos);
  CHECK(run(workshop, {"--report", "o", "--baseline", "theirs"}).status == 0);
  CHECK(workshop.read("o/report/report.md").find("no `theirs` among the methods") != std::string::npos);
}

TEST_CASE("grids reach as far down as the numbers of training do, and no further") {
  const Workshop workshop;
  CHECK(sweep(workshop, {"--rules", "bp", "--lr", "log:1e-17:1e-12:6", "--weight-decay", "log:1e-18:1e-2:3",
                         "--dry-run"})
            .out.find("18 tuning trials (1 method x 18 settings x 1 seed)") != std::string::npos);
  CHECK(sweep(workshop, {"--rules", "bp", "--lr", "0.1", "--weight-decay", "log:1e-18:1e-2:3"}).status == 0);
  CHECK(values_in(workshop, "optimizer") ==
        Words{"\"sgd:weight_decay=0.01\"", "\"sgd:weight_decay=1e-10\"", "\"sgd:weight_decay=1e-18\""});
  CHECK(sweep(workshop, {"--lr", "0.1,1e-50"}).err ==
        "sweep: --lr: found '1e-50', which rounds to 0, expected at least 1e-45\n");
  CHECK(
      sweep(workshop, {"--weight-decay", "0,1e-50"}).err ==
      "sweep: optimizer 'sgd:weight_decay=1e-50': weight_decay is 1e-50, which rounds to 0, expected 0 or at "
      "least 1e-45\n");
}

TEST_CASE("--extend goes below the smallest rates that were named, by the same ratio") {
  const Workshop workshop;
  // At such rates nothing is learned, all are as good, and of equals the lowest is the best.
  CHECK(sweep(workshop, {"--rules", "bp", "--lr", "1e-20,1e-19", "--extend"}).status == 0);
  const auto rates = values_in(workshop, "lr");
  CHECK(std::find(rates.begin(), rates.end(), "1e-21") != rates.end());
  CHECK(std::find(rates.begin(), rates.end(), "1e-24") != rates.end());
}
