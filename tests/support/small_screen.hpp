// A terminal of a given size, for what is written to it: lines wrap and scroll as on a real one.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

class SmallScreen {
 public:
  SmallScreen(std::size_t columns, std::size_t rows) : columns_(columns), shown_(rows) {}

  /// Knows the sequences "up N rows" and "erase from here on"; throws std::runtime_error for another.
  void write(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (text[at] == '\x1b') {
        at = obey(text, at);
      } else if (text[at] == '\n') {
        next_row();
      } else if (text[at] == '\r') {
        column_ = 0;
      } else if ((byte & 0xC0U) == 0x80U) {
        shown_[row_].back() += text[at];
      } else {
        put(text[at]);
      }
    }
  }

  /// Rows that left at the top, and all that there are, without the empty ones at the end.
  [[nodiscard]] std::size_t scrolled() const { return scrolled_.size(); }
  [[nodiscard]] std::size_t wraps() const { return wraps_; }
  [[nodiscard]] std::vector<std::string> history() const {
    std::vector<std::string> all = scrolled_;
    for (const auto& row : shown_) all.push_back(joined(row));
    while (!all.empty() && all.back().empty()) all.pop_back();
    return all;
  }

 private:
  using Row = std::vector<std::string>;  // of characters

  static std::string joined(const Row& row) {
    std::string text;
    for (const auto& character : row) text += character;
    return text;
  }

  std::size_t obey(const std::string& text, std::size_t at) {
    const std::size_t end = text.find_first_of("AJ", at);
    if (end == std::string::npos || text[at + 1] != '[') throw std::runtime_error("an unknown sequence");
    if (text[end] == 'A') {
      const std::size_t up = std::stoul(text.substr(at + 2));
      row_ -= up < row_ ? up : row_;
    } else {
      shown_[row_].resize(column_);
      for (std::size_t row = row_ + 1; row < shown_.size(); ++row) shown_[row].clear();
    }
    return end;
  }

  void put(char c) {
    if (column_ == columns_) {
      ++wraps_;
      next_row();
    }
    Row& row = shown_[row_];
    if (row.size() <= column_) row.resize(column_ + 1, " ");
    row[column_++] = std::string(1, c);
  }

  void next_row() {
    column_ = 0;
    if (++row_ < shown_.size()) return;
    scrolled_.push_back(joined(shown_.front()));
    shown_.erase(shown_.begin());
    shown_.emplace_back();
    --row_;
  }

  std::size_t columns_;
  std::vector<Row> shown_;
  std::vector<std::string> scrolled_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::size_t wraps_ = 0;
};

}  // namespace test
