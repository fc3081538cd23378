#include "soap/learn/progress.hpp"

#include <deque>
#include <sstream>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/small_screen.hpp"

using soap::Evaluation;
using soap::Observer;
using soap::ProgressBoard;
using soap::RunOutcome;

namespace {

// What a terminal shows after everything in `text`, line by line; knows the two sequences that the board
// uses.
std::vector<std::string> screen_after(const std::string& text) {
  std::vector<std::string> lines = {""};
  std::size_t row = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (text[at] == '\x1b') {
      const std::size_t end = text.find_first_of("AJ", at);
      if (text[end] == 'A') {
        const auto up = static_cast<std::size_t>(std::stoul(text.substr(at + 2)));
        REQUIRE(up <= row);
        row -= up;
      } else {
        lines.resize(row + 1);
        lines.back().clear();
      }
      at = end;
    } else if (text[at] != '\r') {
      lines[row] += text[at];
    }
  }
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

// A run with ten steps an epoch, told to an observer.
class Run {
 public:
  explicit Run(Observer& observer, std::int64_t epochs = 2) : observer_(observer) {
    observer_.run_started({.network = network_, .epochs = epochs, .steps_per_epoch = 10});
  }
  void steps(int count, double loss) {
    for (int i = 0; i < count; ++i) {
      ++step_;
      observer_.step_ended({.network = network_,
                            .control = control_,
                            .epoch = (step_ + 9) / 10,
                            .step = step_,
                            .examples = 1000 * step_,
                            .loss = loss,
                            .lr = 0.1,
                            .seconds = 0.5 * static_cast<double>(step_),
                            .batch = batch_,
                            .learning = learning_});
    }
  }
  void end_epoch(std::optional<Evaluation> evaluation) {
    observer_.epoch_ended({.network = network_,
                           .control = control_,
                           .epoch = step_ / 10,
                           .step = step_,
                           .examples = 1000 * step_,
                           .train_loss = 1.5,
                           .evaluation = evaluation,
                           .seconds = 0.5 * static_cast<double>(step_)});
  }
  void end(RunOutcome outcome = RunOutcome::ended) {
    observer_.run_ended({.network = network_, .outcome = outcome});
  }

 private:
  Observer& observer_;
  soap::Network network_;
  soap::Batch batch_;
  soap::BackwardStep learning_;
  soap::TrainingControl control_;
  std::int64_t step_ = 0;
};

constexpr auto always = std::chrono::milliseconds(0);

}  // namespace

TEST_CASE("away from a terminal each epoch prints a line and nothing else") {
  std::ostringstream out;
  ProgressBoard board(out, {.terminal = false, .runs = 2});
  const auto observer = board.watch("bp  seed 1");
  Run run(*observer);
  run.steps(10, 2);
  CHECK(out.str().empty());
  run.end_epoch(Evaluation{.loss = 0.25, .accuracy = 0.875});
  CHECK(out.str() ==
        "bp  seed 1  epoch 1/2, training loss 1.500, held-out loss 0.2500, held-out accuracy 87.50 %, 2,000 "
        "examples/s\n");
  out.str("");
  run.steps(10, 1);
  run.end_epoch(Evaluation{.loss = 0.125, .accuracy = std::nullopt});
  run.end();
  CHECK(out.str() == "bp  seed 1  epoch 2/2, training loss 1.500, held-out loss 0.1250, 2,000 examples/s\n");
}

TEST_CASE(
    "away from a terminal a run of many epochs prints at most twenty lines, the last epoch's among them") {
  std::ostringstream out;
  ProgressBoard board(out, {.terminal = false});
  const auto observer = board.watch("bp");
  Run run(*observer, 41);
  for (int epoch = 1; epoch <= 41; ++epoch) {
    run.steps(10, 1);
    run.end_epoch(std::nullopt);
  }
  run.end();
  // Every third, and the last.
  const auto lines = screen_after(out.str());
  REQUIRE(lines.size() == 14);
  CHECK(lines[0].starts_with("bp  epoch 3/41, "));
  CHECK(lines[12].starts_with("bp  epoch 39/41, "));
  CHECK(lines[13].starts_with("bp  epoch 41/41, "));
}

TEST_CASE("away from a terminal a run that does not reach its end says so, with or without a label") {
  std::ostringstream out;
  ProgressBoard board(out, {.terminal = false});
  {
    const auto observer = board.watch("");
    Run run(*observer);
    run.steps(4, 2);
    run.end();
    CHECK(out.str() == "stopped after 4 steps, training loss 2.000, 2,000 examples/s, 0:01\n");
    out.str("");
    // The second run of the same observer owes nothing to the first.
    Run(*observer).end(RunOutcome::diverged);
    CHECK(out.str() == "diverged before its first step was done, 0:01\n");
  }
  out.str("");
  const auto observer = board.watch("fa");
  Run run(*observer);
  run.steps(1, 2);
  run.end(RunOutcome::diverged);
  CHECK(out.str() == "fa  diverged after 1 step, training loss 2.000, 2,000 examples/s, 0:01\n");
}

TEST_CASE("on a terminal each run has a line with a bar, and leaves one when it has ended") {
  std::ostringstream out;
  const auto screen = [&] { return screen_after(out.str()); };
  ProgressBoard board(out, {.terminal = true, .runs = 2, .columns = 200, .redraw_interval = always});
  const auto first = board.watch("bp");
  const auto second = board.watch("fa");
  Run bp(*first);
  bp.steps(4, 4);
  REQUIRE(screen().size() == 2);
  CHECK(screen()[0].starts_with("bp  [=>      ] 20 %  loss 4.000  2,000 ex/s  "));
  CHECK(screen()[0].ends_with(" left"));
  CHECK(screen()[1] == "0 of 2 runs done");

  Run fa(*second);
  fa.steps(10, 1);
  fa.end_epoch(Evaluation{.loss = 0.25, .accuracy = 0.5});
  REQUIRE(screen().size() == 3);
  CHECK(screen()[0].starts_with("bp  ["));
  CHECK(screen()[1].starts_with("fa  [====>   ] 50 %  loss 1.000  "));
  bp.steps(1, 2);
  CHECK(screen()[0].starts_with("bp  [==>     ] 25 %  loss 3.600  "));

  fa.steps(10, 1);
  fa.end_epoch(Evaluation{.loss = 0.25, .accuracy = 0.5});
  fa.end();
  REQUIRE(screen().size() == 3);
  CHECK(screen()[0].starts_with(
      "fa  done after 20 steps, training loss 1.000, held-out loss 0.2500, held-out accuracy 50.00 %, "));
  CHECK(screen()[1].starts_with("bp  ["));
  CHECK(screen()[2] == "1 of 2 runs done");

  board.print("a word\nand another");
  REQUIRE(screen().size() == 5);
  CHECK(screen()[1] == "a word");
  CHECK(screen()[2] == "and another");
  CHECK(screen()[3].starts_with("bp  ["));

  bp.end();
  REQUIRE(screen().size() == 4);
  CHECK(screen()[3].starts_with("bp  stopped after 5 steps, "));
}

TEST_CASE("a terminal is not redrawn more often than asked") {
  std::ostringstream out;
  ProgressBoard board(out, {.terminal = true, .columns = 80, .redraw_interval = std::chrono::hours(1)});
  const auto observer = board.watch("bp");
  Run run(*observer);
  run.steps(1, 4);
  const std::string first = out.str();
  CHECK(first.starts_with("bp  [>       ] 5 %"));
  run.steps(9, 4);
  CHECK(out.str() == first);
  // What a run leaves behind does not wait.
  run.end();
  CHECK(screen_after(out.str()).at(0).starts_with("bp  stopped after 10 steps, "));
}

TEST_CASE("a narrow terminal's lines say less, and always the time left") {
  const std::string label = "sign:period=6400  seed 1";
  const auto line = [&](std::size_t columns) {
    std::ostringstream out;
    ProgressBoard board(out, {.terminal = true, .columns = columns});
    const auto observer = board.watch(label);
    Run run(*observer);
    run.steps(1, 4);
    const auto screen = screen_after(out.str());
    REQUIRE(screen.size() == 1);
    CHECK(screen[0].ends_with(" left"));
    return screen[0];
  };
  CHECK(line(80).starts_with(label + "  [>       ] 5 %  loss 4.000  2,000 ex/s  "));
  CHECK(line(70).starts_with(label + "  5 %  loss 4.000  2,000 ex/s  "));
  CHECK(line(58).starts_with(label + "  5 %  loss 4.000  0:"));
  CHECK(line(44).starts_with(label + "  5 %  0:"));
  CHECK(line(24).starts_with("sign:period=6\u20260:"));
}

TEST_CASE("with more runs than rows a terminal neither wraps nor scrolls") {
  struct Size {
    std::size_t columns;
    std::size_t rows;
  };
  for (const Size size : {Size{80, 24}, Size{40, 10}, Size{20, 2}}) {
    const auto [columns, rows] = size;
    CAPTURE(size.rows);
    std::ostringstream out;
    constexpr std::size_t count = 30;
    ProgressBoard board(
        out, {.terminal = true, .runs = count, .columns = columns, .rows = rows, .redraw_interval = always});
    std::vector<std::unique_ptr<Observer>> observers;
    std::deque<Run> runs;
    for (std::size_t i = 0; i < count; ++i) {
      observers.push_back(board.watch("a rule of some length  seed " + std::to_string(i)));
      runs.emplace_back(*observers.back());
    }
    for (int step = 0; step < 5; ++step) {
      for (Run& run : runs) run.steps(1, 2);
    }
    test::SmallScreen screen(columns, rows);
    screen.write(out.str());
    CHECK(screen.scrolled() == 0);
    CHECK(screen.wraps() == 0);
    const auto lines = screen.history();
    REQUIRE(lines.size() == rows - 1);
    const std::string more = "and " + std::to_string(count - (rows - 2)) + " more running";
    CHECK(lines.back().starts_with(more.substr(0, columns - 2)));
    // What ends stays in whole lines above those under way.
    runs.front().end();
    screen = test::SmallScreen(columns, 200);
    screen.write(out.str());
    CHECK(screen.wraps() == 0);
  }
}

TEST_CASE("the data that a run is judged by have their own name") {
  std::ostringstream out;
  ProgressBoard board(out, {.terminal = false, .evaluated_on = "validation"});
  const auto observer = board.watch("bp");
  Run run(*observer);
  run.steps(10, 1);
  run.end_epoch(Evaluation{.loss = 0.25, .accuracy = 0.5});
  CHECK(out.str().find(", validation loss 0.2500, validation accuracy 50.00 %, ") != std::string::npos);
}

TEST_CASE("what is drawn when the board goes is erased") {
  std::ostringstream out;
  std::unique_ptr<Observer> observer;
  {
    ProgressBoard board(out, {.terminal = true, .columns = 80});
    observer = board.watch("bp");
    board.print("kept");
    Run(*observer).steps(3, 1);
    CHECK(screen_after(out.str()).size() == 2);
  }
  CHECK(screen_after(out.str()) == std::vector<std::string>{"kept"});
}

TEST_CASE("runs on several threads share the board") {
  std::ostringstream out;
  {
    ProgressBoard board(out, {.terminal = true, .runs = 4, .columns = 120, .redraw_interval = always});
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&board, i] {
        const auto observer = board.watch("run " + std::to_string(i));
        Run run(*observer);
        run.steps(10, 1);
        run.end_epoch(std::nullopt);
        run.steps(10, 1);
        run.end_epoch(std::nullopt);
        run.end();
      });
    }
    for (auto& thread : threads) thread.join();
  }
  const auto screen = screen_after(out.str());
  REQUIRE(screen.size() == 4);
  for (const auto& line : screen) CHECK(line.find("  done after 20 steps, training loss 1.000, ") == 5);
}
