// What mnist_train says to mistakes: one sentence, exit status 2, and nothing is written.
#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::small;
using test::Surroundings;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

// What the program says in an empty folder, without its own name.
std::string complaint(const Words& flags) {
  const Workshop workshop;
  const Outcome outcome = workshop.run(flags);
  CHECK(outcome.status == 2);
  CHECK(names_in(workshop.folder()).empty());
  const auto lines = lines_of(outcome.err);
  REQUIRE(lines.size() == 1);
  REQUIRE(lines.front().starts_with("mnist_train: "));
  return lines.front().substr(13);
}

std::string complaint_about(const std::string& flag, const std::string& value) {
  return complaint(small + Words{"--out", "o", flag, value});
}

}  // namespace

TEST_CASE("unknown flags and names are answered with the nearest ones") {
  CHECK(complaint(small + Words{"--out", "o", "--rulse", "bp"}) ==
        "unknown flag '--rulse' (nearest: --rules, --lr, --resume)");
  // As other programs call them.
  for (const auto& pair :
       std::vector<std::pair<std::string, std::string>>{{"--epoch", "--epochs"},
                                                        {"--learning-rate", "--lr"},
                                                        {"--learning_rate", "--lr"},
                                                        {"--batch", "--batch-size"},
                                                        {"--batch_size", "--batch-size"},
                                                        {"--wd", "--weight-decay"},
                                                        {"--lr-decay", "--schedule"},
                                                        {"--num-workers", "--threads"},
                                                        {"--opt", "--optimizer"},
                                                        {"--check", "--checkpoint-every"}}) {
    const auto& [typed, meant] = pair;
    CHECK(complaint(small + Words{"--out", "o", typed + "=3"}) ==
          "unknown flag '" + typed + "', expected " + meant);
  }
  CHECK(complaint(small + Words{"--out", "o", "--device", "cuda"}) ==
        "unknown flag '--device': everything runs on the processor's cores; see --threads");
  CHECK(complaint_about("--rules", "bp,fb").starts_with("unknown rule 'fb' (nearest: fa, "));
  CHECK(complaint_about("--activation", "tahn") == "unknown activation 'tahn' (nearest: tanh, gelu, relu)");
  CHECK(complaint_about("--init", "xavier") ==
        "unknown initializer 'xavier' (nearest: xavier_normal, xavier_uniform, kaiming_normal)");
  CHECK(complaint_about("--optimizer", "adma") == "unknown optimizer 'adma' (nearest: adam, adamw, sgd)");
  CHECK(complaint_about("--schedule", "cosin:final=0") ==
        "unknown schedule 'cosin' (nearest: cosine, constant, multi_step)");
  CHECK(complaint_about("--rules", "bp,sign:perod=3") ==
        "rule 'sign:perod=3': unknown parameter 'perod' (nearest: period, scale, init)");
  CHECK(complaint_about("--rules", "bp:period=3") ==
        "rule 'bp:period=3': 'bp' takes no parameters, found "
        "'period'");
}

TEST_CASE("values out of range are named with what was expected") {
  struct Mistake {
    const char* flag;
    const char* value;
    const char* answer;
  };
  const Mistake mistakes[] = {
      {"--lr", "0", "--lr: found '0', expected a number above 0"},
      {"--lr", "-1", "--lr: found '-1', expected a number above 0"},
      {"--lr", "nan", "--lr: found 'nan', expected a number above 0"},
      {"--lr", "inf", "--lr: found 'inf', expected a number above 0 and at most 1e+300"},
      {"--lr", "abc", "--lr: found 'abc', expected a number"},
      {"--lr", "0.1x", "--lr: found '0.1x', expected a number"},
      {"--lr", "", "--lr: found '', expected a number"},
      {"--batch-size", "0", "--batch-size: found '0', expected an integer of at least 1"},
      {"--batch-size", "-5", "--batch-size: found '-5', expected an integer of at least 1"},
      {"--batch-size", "1.5", "--batch-size: found '1.5', expected an integer"},
      {"--batch-size", "1000001", "--batch-size: found '1000001', expected an integer of at most 1000000"},
      {"--batch-size", "99999999999999999999",
       "--batch-size: found '99999999999999999999', expected an integer"},
      {"--epochs", "0", "--epochs: found '0', expected an integer of at least 1"},
      {"--epochs", "9223372036854775807",
       "--epochs: found '9223372036854775807', expected an integer of at most 1000000"},
      {"--seeds", "0", "--seeds: found '0', expected an integer of at least 1"},
      {"--seeds", "a", "--seeds: found 'a', expected an integer"},
      {"--seeds", "1,1", "--seeds: found '1' twice, expected different values"},
      {"--seeds", "1,-2", "--seeds: found -2, expected integers of at least 0"},
      {"--seeds", "1000000000000", "--seeds: found '1000000000000', expected an integer of at most 10000"},
      {"--seed", "-1", "--seed: found '-1', expected an integer of at least 0"},
      {"--threads", "0", "--threads: found '0', expected an integer of at least 1"},
      {"--threads", "1000000", "--threads: found '1000000', expected an integer of at most 1024"},
      {"--threads", "100000000000", "--threads: found '100000000000', expected an integer of at most 1024"},
      {"--hidden", "0", "--hidden: found '0', expected sizes of at least 1, as in 100 or 240x240, or none"},
      {"--hidden", "16xx8", "--hidden: found '', expected an integer"},
      {"--hidden", "128,64",
       "--hidden: found '128,64', a list of networks as in sweep, expected one, as in '128x64' for its "
       "layers"},
      {"--log-interval", "0", "--log-interval: found '0', expected an integer of at least 1"},
      {"--diagnostics", "-3", "--diagnostics: found '-3', expected an integer of at least 0"},
      {"--diagnostics", "x", "--diagnostics: found 'x', expected an integer"},
      {"--target-loss", "0", "--target-loss: found '0', expected a number above 0"},
      {"--momentum", "1", "momentum: found 1, expected a number from 0 to below 1"},
      {"--weight-decay", "x",
       "optimizer 'sgd:weight_decay=x', parameter 'weight_decay': found 'x', expected a "
       "number"},
      {"--schedule", "multi_step", "multi_step: expected epochs that increase from at least 1"},
      {"--rules", "bp,bp", "--rules: found 'bp' twice, expected different values"},
      {"--seeds", "1,01", "--seeds: found '1' and '01', which are the same, expected different values"},
      {"--rules", "sign,bp,sign:period=6400",
       "--rules: found 'sign' and 'sign:period=6400', which are the same, expected different values"},
      {"--rules", "sign:scale=norm:period=100,sign:period=100:scale=norm",
       "--rules: found 'sign:scale=norm:period=100' and 'sign:period=100:scale=norm', which are the same, "
       "expected different values"},
      {"--step", "backward,soap:lr=1,soap",
       "--step: found 'soap:lr=1' and 'soap', which are the same, expected different values"},
      {"--lr", "1e-50", "--lr: found '1e-50', which rounds to 0, expected at least 1e-45"},
      {"--weight-decay", "1e-50",
       "optimizer 'sgd:weight_decay=1e-50': weight_decay is 1e-50, which rounds to 0, expected 0 or at least "
       "1e-45"},
      {"--rules", "sign:period=0", "rule 'sign:period=0': period is 0, expected an integer of at least 1"},
  };
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.flag);
    CHECK(complaint_about(mistake.flag, mistake.value) == mistake.answer);
  }
}

TEST_CASE("no seed is made that could not be typed") {
  const std::string last = "9223372036854775807";
  CHECK(complaint(small + Words{"--out", "o", "--seed", last, "--seeds", "2"}) ==
        "--seed: found " + last + " and 2 seeds from there, expected none above " + last);
  const Workshop workshop;
  CHECK(workshop.run(small + Words{"--rules", "bp", "--seed", last, "--lr", "+0.1", "--dry-run"}).status ==
        0);
}

TEST_CASE("control characters in an argument are shown and not obeyed") {
  CHECK(complaint_about("--rules", "\x1b[2J").starts_with("unknown rule '\\x1b[2J' (nearest: "));
}

TEST_CASE("layers that no machine can hold are refused before memory is asked for") {
  for (const std::string sizes :
       {"100000000000", "9223372036854775807x9223372036854775807", "1000000x1000000"}) {
    CAPTURE(sizes);
    const std::string answer = complaint_about("--hidden", sizes);
    CHECK(answer.starts_with("--hidden: found '" + sizes + "', which takes "));
    CHECK(answer.ends_with(" GiB of this machine"));
  }
}

TEST_CASE("arguments too many, too few and in contradiction") {
  CHECK(complaint(small + Words{"--out", "o", "mnist"}) ==
        "found the extra argument 'mnist', expected no more");
  CHECK(complaint(small + Words{"--out", "o", "--seed", "1", "--seeds", "1,2"}) ==
        "--seed: found a list in --seeds, expected one of the two flags");
  CHECK(complaint(small + Words{"--out", "o", "--lr"}) == "--lr: found nothing after it, expected a value");
  CHECK(complaint(small + Words{"--out", "--overwrite"}) ==
        "--out: found the flag '--overwrite', expected a value");
  CHECK(complaint(small + Words{"--rules", "--lr=0.1", "--out", "o"}) ==
        "--rules: found the flag '--lr=0.1', expected a value");
}

TEST_CASE("an instruction set that the processor lacks is refused, and the one in use is told") {
  const Workshop workshop;
  const auto run = [&](const char* isa, const Words& flags) {
    return workshop.run(
        flags, {.folder = workshop.folder(), .logs = workshop.logs(), .environment = {{"SOAP_ISA", isa}}});
  };
  for (const Words& flags : {Words{"--version"}, small + Words{"--dry-run"}, small + Words{"--out", "o"}}) {
    const Outcome outcome = run("mmx", flags);
    CHECK(outcome.status == 2);
    CHECK(lines_of(outcome.err).size() == 1);
    CHECK(outcome.err.starts_with(
        "mnist_train: SOAP_ISA: found 'mmx', expected an instruction set of this processor: generic"));
  }
  CHECK(names_in(workshop.folder()).empty());
  CHECK(run("generic", {"--version"}).out.find("instruction set generic (of generic") != std::string::npos);
  CHECK(run("generic", small + Words{"--dry-run"}).out.find("\"instruction_set\": \"generic\"") !=
        std::string::npos);
}

TEST_CASE("output folders that cannot be") {
  CHECK(complaint(small + Words{"--out", ""}) == "--out: found an empty name, expected a folder");
  CHECK(complaint(small + Words{"--out", "/proc/x/y"}) ==
        "/proc/x/y: found a folder that cannot be made (No such file or directory), expected one that can");
  // The folders that could be made on the way are gone again.
  const std::string long_name = "a/b/" + std::string(300, 'c');
  CHECK(complaint(small + Words{"--out", long_name}) ==
        long_name + ": found a folder that cannot be made (File name too long), expected one that can");

  const Workshop workshop;
  std::ofstream(workshop.folder() / "file") << "mine";
  for (const std::string more : {"--out=file", "--out=file/o"}) {
    CAPTURE(more);
    const Outcome outcome = workshop.run(small + Words{more, "--overwrite"});
    CHECK(outcome.status == 2);
    CHECK(lines_of(outcome.err).size() == 1);
    CHECK(outcome.err.starts_with("mnist_train: " + more.substr(6) + ": found a "));
    CHECK(names_in(workshop.folder()) == Words{"file"});
    CHECK(workshop.read("file") == "mine");
  }

  // Found before the hours of training, not when the picture is drawn at the end.
  std::filesystem::create_directories(workshop.folder() / "o/curves.png");
  std::ofstream(workshop.folder() / "o/metrics.csv") << "old";
  const Outcome outcome = workshop.run(small + Words{"--out", "o", "--overwrite"});
  CHECK(outcome.status == 2);
  CHECK(outcome.err ==
        "mnist_train: o/curves.png: found a folder, expected a file of an earlier run, or nothing\n");
  CHECK(workshop.read("o/metrics.csv") == "old");
}
