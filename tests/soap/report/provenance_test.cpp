#include "soap/report/provenance.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "soap/trial/run_config.hpp"

#include "tests/support/says.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using soap::provenance;
using test::says;
using test::write_file;

TEST_CASE("the foot of a report says what made it, on what, and how long it took") {
  const test::TemporaryFolder out;
  write_file(out.path() / "config.json", R"({
    "command": ["build/sweep", "--out", "my runs", "--rules", "bp,fa", "it's"],
    "data": "MNIST from /data", "data_source": "/data", "data_fingerprint": "00c0ffee00c0ffee",
    "versions": {"soap": "1.2.3", "scalar": "float", "compiler": "12.2.0", "eigen": "3.4.0"},
    "machine": {"processor": "A Processor", "instruction_set": "AVX2", "hardware_threads": 4},
    "started": "2026-01-02T03:04:05Z"})");
  write_file(out.path() / "timings/a-1-1.csv",
             "key,seconds\n0000000000000001,7200.000\n0000000000000002,300.000\n");
  write_file(out.path() / "timings/b-2-2.csv", "key,seconds\n0000000000000002,60.000\n");
  write_file(out.path() / "trials/0000000000000001.json", "{}");
  write_file(out.path() / "trials/0000000000000002.json", "{}");
  CHECK(provenance(out.path()) ==
        "- Data: `MNIST from /data`, which `--data` names `/data`, fingerprint `00c0ffee00c0ffee`.\n"
        "- Made by: `build/sweep --out 'my runs' --rules bp,fa 'it'\\''s'`, last started "
        "`2026-01-02T03:04:05Z`.\n"
        "- Library: version `1.2.3` in `float`, compiled by `12.2.0` with Eigen `3.4.0`.\n"
        "- Machine: `A Processor`, `4` hardware threads, instruction set `AVX2`, that of the process started "
        "last.\n"
        "- Compute: 2.1 core-hours over 2 trials by 2 processes, with 1 repeated run.\n");
}

TEST_CASE("what a run writes has all that the foot of a report names") {
  const test::TemporaryFolder out;
  write_file(out.path() / "config.json",
             soap::config_json({.program = "sweep", .command = {"sweep"}, .data = "images", .trials = {{}}}));
  const std::string text = provenance(out.path());
  CHECK(text.substr(0, text.find("- Compute")).find("not known") == std::string::npos);
}

TEST_CASE("missing and damaged files are said to be so") {
  const test::TemporaryFolder out;
  CHECK(provenance(out.path()) ==
        "- config.json is missing: data, command, version and machine are not known.\n"
        "- Compute: not known, for there are no timings.\n");
  for (const std::string& damage :
       {std::string(), std::string("{\"command\": [\"swe"), std::string("[1]"), std::string("null"),
        std::string("\xff"), std::string("{\"data\": 1e309}"), std::string(100'000, '[')}) {
    write_file(out.path() / "config.json", damage);
    CHECK(says(provenance(out.path()), "- config.json is damaged: data, command"));
  }
  write_file(out.path() / "config.json", R"({"command": ["sweep", 3], "versions": 7, "data": ["x"]})");
  const std::string odd = provenance(out.path());
  CHECK(says(odd, "- Data: not known.\n- Made by: not known, last started not known.\n"));
  CHECK(says(odd, "- Library: version not known in not known"));

  write_file(out.path() / "timings/a.csv", "key,seconds\n0000000000000001,90\n");
  write_file(out.path() / "timings/b.csv", "key,seconds\n0000000000000002,90\n0000000000000003,ni");
  write_file(out.path() / "timings/c.csv", "");
  write_file(out.path() / "trials/0000000000000001.json", "{}");
  write_file(out.path() / "trials/0000000000000002.json", "{}");
  CHECK(says(provenance(out.path()),
             "- Compute: 90.0 core-seconds over 1 trial by 1 process; without 1 result that has no timing; 2 "
             "files of timings are damaged and not counted.\n"));
}

TEST_CASE("nothing that a configuration says is Markdown, and words of a command are quoted") {
  const test::TemporaryFolder out;
  write_file(out.path() / "config.json",
             R"({"command": ["a`b``c", {"text": "", "bytes": "e9"}], "data": "x\ny"})");
  CHECK(says(provenance(out.path()), "- Data: `x\\x0ay`.\n- Made by: ``` 'a`b``c' $'\\351' ```,"));
}
