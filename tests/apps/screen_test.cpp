// The programs on small terminals.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"
#include "tests/support/on_terminal.hpp"
#include "tests/support/small_screen.hpp"

using test::Words;
using test::operator+;

namespace {

struct Size {
  unsigned short columns;
  unsigned short rows;
};

// What `screen` held when each redraw was complete would not fit a test; what it holds at the end does.
std::vector<std::string> left_on_terminal(const Words& command, const test::Workshop& workshop, Size size) {
  test::SmallScreen screen(size.columns, size.rows);
  screen.write(test::on_terminal(command, workshop.folder(), size.columns, size.rows));
  return screen.history();
}

bool has_line_starting(const std::vector<std::string>& lines, const std::string& start) {
  for (const auto& line : lines) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("with more runs than rows nothing of the bars is left above, on any terminal") {
  for (const Size size : {Size{80, 24}, Size{40, 10}}) {
    CAPTURE(size.columns);
    const test::Workshop workshop;
    const auto lines =
        left_on_terminal(workshop.command(test::small + Words{"--rules", "bp,fa", "--seeds", "15",
                                                              "--threads", "30", "--out", "o"}),
                         workshop, size);
    std::size_t done = 0;
    for (const auto& line : lines) {
      CAPTURE(line);
      done += line.find("  done after ") != std::string::npos ? 1U : 0U;
      CHECK(line.find(" left") == std::string::npos);
      CHECK(line.find(" runs done") == std::string::npos);
      CHECK(line.find("more running") == std::string::npos);
    }
    CHECK(done == 30);
  }
}

TEST_CASE("at 80 columns words and tables keep to the terminal's width") {
  const test::Workshop workshop;
  test::SmallScreen screen(80, 24);
  screen.write(test::on_terminal(
      workshop.command(test::small + Words{"--rules", "bp,sign:period=6400:scale=norm:init=kaiming_uniform",
                                           "--seeds", "2", "--out", "a-folder-of-some-length"}),
      workshop.folder(), 80, 24));
  CHECK(screen.wraps() == 0);
  CHECK(has_line_starting(screen.history(), ":init=kaiming_uniform"));
  CHECK(has_line_starting(screen.history(), "mean ± standard deviation over seeds"));
}

TEST_CASE("a sweep's line of progress stays one line") {
  for (const Size size : {Size{80, 24}, Size{40, 10}}) {
    CAPTURE(size.columns);
    const test::Workshop workshop;
    const auto lines = left_on_terminal(
        {test::sweep_program, "--data", "synthetic:train=400:test=100", "--validation", "100", "--hidden",
         "4", "--lr", "0.01,0.1", "--seeds", "20", "--rules", "bp,fa", "--out", "o"},
        workshop, size);
    std::size_t progress = 0;
    for (const auto& line : lines) {
      progress += line.find("80 of 80") != std::string::npos || line.find("40 of 40") != std::string::npos ||
                          line.find(" of 80 trials, ") != std::string::npos
                      ? 1U
                      : 0U;
    }
    CHECK(progress == 2);  // tuning and judging
  }
}
