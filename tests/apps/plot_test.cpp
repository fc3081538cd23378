// The program plot, on small files of its own.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/io/diagnostics_csv.hpp"

#include "tests/apps/programs.hpp"
#include "tests/support/program.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace soap;

namespace {

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

Outcome plot(const test::TemporaryFolder& folder, std::vector<std::string> flags) {
  flags.insert(flags.begin(), test::plot_program);
  test::Program program(flags, {folder.path(), folder.path()});
  const int status = program.wait();
  return {status, program.out(), program.err()};
}

bool is_picture(const std::filesystem::path& file) { return test::text_of(file).starts_with("\x89PNG"); }

const std::string header_line =
    "rule,step_kind,lr,seed,epoch,step,examples,train_loss,test_loss,test_accuracy,seconds\n";

std::string metrics_of(const std::string& rule) {
  const std::string run = rule + ",backward,0.1,1,1,";
  return header_line + run + "1,10,2.3,,,0.1\n" + run + "2,20,1.5,1.4,0.5,0.2\n";
}

std::string diagnostics_of(const std::string& rule) {
  std::vector<DiagnosticSample> samples;
  for (const std::int64_t step : {1, 2}) {
    samples.push_back({.epoch = 1,
                       .step = step,
                       .examples = 10 * step,
                       .layers = {{.layer = "layers.0", .delta_angle = 40.0},
                                  {.layer = "layers.2", .feedback_angle = 80.0},
                                  {.layer = "all", .bits_per_example = 32.0}}});
  }
  return diagnostics_header() +
         diagnostics_rows({.rule = rule, .step_kind = "backward", .lr = 0.1, .seed = 1}, samples);
}

void check_refused(const Outcome& outcome, const std::string& found) {
  CAPTURE(outcome.err);
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.find(found) != std::string::npos);
  CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
}

}  // namespace

// Sanitizers keep freed memory for a while.
TEST_CASE("a long run takes little memory to draw" * doctest::skip(SOAP_TEST_SANITIZED == 1)) {
  const test::TemporaryFolder folder;
  const auto peak = [&](int rows) {
    std::string table = metrics_header();
    for (int i = 1; i <= rows; ++i) {
      table += "bp,backward,0.1,1,1," + std::to_string(i) + ",10," + std::to_string(2 + i % 17 * 0.01) +
               ",,,0.123456\n";
    }
    (void)folder.write("metrics.csv", table);
    test::Program program({test::plot_program, "metrics.csv"}, {folder.path(), folder.path()});
    REQUIRE(program.wait() == 0);
    return program.peak_memory();
  };
  // The losses and steps and what is made of them; text and cells of a row would take five times as much.
  constexpr double bytes_a_row = 80;
  constexpr int rows = 300'000;
  CHECK(peak(rows) - peak(10) < bytes_a_row * rows);
}

TEST_CASE("a table that another program has written over is drawn") {
  const test::TemporaryFolder folder;
  const std::string run = "bp,backward,+0.1,1.0,1.0,";
  (void)folder.write("m.csv",
                     header_line + run + "1.0,10.0,2.3,,,0.1\n" + run + "2.0,20.0,1.5,1.4,0.5,0.2\n\n");
  CHECK(plot(folder, {"m.csv", "--out", "m.png"}).status == 0);
  CHECK(is_picture(folder.path() / "m.png"));
}

TEST_CASE("plot draws the curves of a metrics.csv") {
  const test::TemporaryFolder folder;
  (void)folder.write("metrics.csv", metrics_of("fa"));
  const Outcome outcome = plot(folder, {"metrics.csv"});
  CHECK(outcome.err.empty());
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "wrote curves.png\n");
  CHECK(is_picture(folder.path() / "curves.png"));
}

TEST_CASE("plot draws a diagnostics.csv, with the metrics.csv of its run beside it or without one") {
  const test::TemporaryFolder folder;
  (void)folder.write("diagnostics.csv", diagnostics_of("fa"));
  const Outcome alone = plot(folder, {"diagnostics.csv", "--out", "alone.png"});
  CHECK(alone.err.empty());
  CHECK(alone.status == 0);
  CHECK(is_picture(folder.path() / "alone.png"));
  (void)folder.write("metrics.csv", metrics_of("fa"));
  const Outcome beside = plot(folder, {"diagnostics.csv"});
  CHECK(beside.err.empty());
  CHECK(beside.status == 0);
  CHECK(beside.out == "wrote diagnostics.png\n");
  // The chart of accuracy over bits comes with the accuracies.
  CHECK(test::text_of(folder.path() / "diagnostics.png") != test::text_of(folder.path() / "alone.png"));
}

TEST_CASE("plot says why there is no chart of bits beside another run's metrics.csv") {
  const test::TemporaryFolder folder;
  (void)folder.write("diagnostics.csv", diagnostics_of("fa"));
  (void)folder.write("metrics.csv", metrics_of("bp"));
  const Outcome outcome = plot(folder, {"diagnostics.csv"});
  CHECK(outcome.status == 0);
  CHECK(
      outcome.err ==
      "plot: metrics.csv has no accuracies of the runs in diagnostics.csv, so there is no chart of accuracy "
      "over transported bits\n");
  CHECK(is_picture(folder.path() / "diagnostics.png"));
}

TEST_CASE("plot refuses a file that is cut off or no table of ours, and writes nothing") {
  const test::TemporaryFolder folder;
  const std::string metrics = metrics_of("fa");
  (void)folder.write("metrics.csv", metrics.substr(0, metrics.size() - 15));
  check_refused(plot(folder, {"metrics.csv"}), "metrics.csv");
  const std::string diagnostics = diagnostics_of("fa");
  (void)folder.write("diagnostics.csv", diagnostics.substr(0, diagnostics.size() - 8));
  check_refused(plot(folder, {"diagnostics.csv"}), "diagnostics.csv");
  (void)folder.write("foreign.csv", "a,b\n1,2\n");
  check_refused(plot(folder, {"foreign.csv"}), "foreign.csv");
  check_refused(plot(folder, {"missing.csv"}), "missing.csv");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "curves.png"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "diagnostics.png"));
}

TEST_CASE("plot refuses a picture whose ending promises another format, before it reads anything") {
  const test::TemporaryFolder folder;
  for (const std::string name : {"fig.svg", "fig.pdf", "fig"}) {
    check_refused(plot(folder, {"missing.csv", "--out", name}),
                  "plot: --out: picture: found '" + name + "', expected a name that ends in .png\n");
    CHECK_FALSE(std::filesystem::exists(folder.path() / name));
  }
}
