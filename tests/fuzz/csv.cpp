#include "soap/io/csv.hpp"

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

namespace {

std::string written(const soap::CsvTable& table) {
  std::string text;
  const auto add = [&](std::string_view cell, std::size_t column) {
    // In quotes, whatever it holds: a blank cell of a single column would be an empty line.
    text += column > 0 ? ",\"" : "\"";
    for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
    text += column + 1 < table.header().size() ? "\"" : "\"\n";
  };
  for (std::size_t column = 0; column < table.header().size(); ++column) add(table.header()[column], column);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t column = 0; column < table.header().size(); ++column)
      add(table.text(row, column), column);
  }
  return text;
}

}  // namespace

bool csv(std::string_view bytes) {
  return taken<soap::IoError>([&] {
    const std::string text = written(soap::read_csv(file(bytes)));
    require(written(soap::read_csv(file(text))) == text, "a table that reads back as another");
  });
}

}  // namespace fuzz
