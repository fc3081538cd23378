#include "soap/io/csv.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

#include "tests/support/complaint.hpp"
#include "tests/support/temporary_folder.hpp"

using soap::csv_field;
using soap::CsvTable;
using soap::IoError;
using soap::read_csv;
using test::complaint_of;

namespace {

CsvTable parsed(const std::string& content) {
  const test::TemporaryFolder folder;
  return read_csv(folder.write("t.csv", content));
}

std::string complaint_about(const std::string& content) {
  return complaint_of([&] { (void)parsed(content); });
}

}  // namespace

TEST_CASE("a table gives columns by name and numbers by cell, and a blank cell is no number") {
  const CsvTable table = parsed("rule,lr,step,loss\nbp,0.1,7,2.5e-3\nfa,1,8,\nfa,1,9,nan\n");
  CHECK(table.rows() == 3);
  CHECK(table.column("step") == 2);
  CHECK(table.text(1, 0) == "fa");
  CHECK(table.number(0, 1) == 0.1);
  CHECK(table.number<std::int64_t>(1, 2) == 8);
  CHECK(table.number(0, 3) == 2.5e-3);
  CHECK_FALSE(table.number(1, 3).has_value());
  CHECK(std::isnan(table.number(2, 3).value()));
}

TEST_CASE("quoted fields, CRLF, a byte order mark and a missing last line feed are read") {
  const CsvTable table = parsed("\xEF\xBB\xBF\"a\",b\r\n\"x,\"\"y\"\"\r\nz\",\"2\"\r\n\"\",3");
  REQUIRE(table.header() == std::vector<std::string>{"a", "b"});
  REQUIRE(table.rows() == 2);
  CHECK(table.text(0, 0) == "x,\"y\"\r\nz");
  CHECK(table.number(0, 1) == 2);
  CHECK(table.text(1, 0).empty());
  CHECK(table.number(1, 1) == 3);
}

TEST_CASE("a trailing comma is one more blank field, and an empty table has no rows") {
  const CsvTable table = parsed("a,b\n1,");
  REQUIRE(table.rows() == 1);
  CHECK_FALSE(table.number(0, 1).has_value());
  CHECK(parsed("a,b\n").rows() == 0);
  CHECK(parsed("a,b").rows() == 0);
}

TEST_CASE("empty lines at the end are none, and in a table of one column blank cells") {
  for (const char* end : {"\n\n", "\n\n\n", "\r\n\r\n", ""}) {
    const CsvTable table = parsed(std::string("a,b\n1,2") + end);
    REQUIRE(table.rows() == 1);
    CHECK(table.number(0, 1) == 2);
  }
  CHECK(parsed("a,b\n\n").rows() == 0);
  CHECK(parsed("a\n1\n\n").rows() == 2);
  CHECK(complaint_about("a,b\n\n1,2\n").find("1 field on line 2") != std::string::npos);
}

TEST_CASE("numbers may have a plus sign, and whole ones a fraction of 0") {
  const CsvTable table = parsed("a,b\n1.0,+0.5\n+2.00,+-1\n3.5,.0\n-4.0,1.\n");
  CHECK(table.number<std::int64_t>(0, 0) == 1);
  CHECK(table.number<std::uint64_t>(1, 0) == 2);
  CHECK(table.number<std::int64_t>(3, 0) == -4);
  CHECK(table.number(0, 1) == 0.5);
  for (const std::size_t row : {1U, 2U, 3U})
    CHECK_THROWS_AS((void)table.number<std::int64_t>(row, 1), IoError);
  CHECK_THROWS_AS((void)table.number<std::int64_t>(2, 0), IoError);
}

TEST_CASE("the cells survive a move of a short table") {
  CsvTable table = parsed("a\n1\n");
  const CsvTable moved = std::move(table);
  CHECK(moved.text(0, 0) == "1");
}

TEST_CASE("files that are not tables are refused with the place, the finding and the expectation") {
  CHECK(complaint_about("") == "found an empty file, expected a CSV file with a header line");
  CHECK(complaint_about("a,b\n1,2\n3\n") ==
        "at byte 8 found 1 field on line 3, expected 2 fields as in the header");
  CHECK(complaint_about("a,b\n1,2,3\n") ==
        "at byte 4 found 3 fields on line 2, expected 2 fields as in the header");
  CHECK(complaint_about("a,b,a\n") ==
        "at byte 4 found column 'a' twice on line 1, expected every column once");
  CHECK(complaint_about("a\n\"1\n") ==
        "at byte 2 found a quote that is never closed on line 2, expected a closing quote");
  CHECK(complaint_about("a\n\"1\"2\n") ==
        "at byte 5 found text after a closing quote on line 2, expected a comma or the end of the line");
  const test::TemporaryFolder folder;
  CHECK(complaint_of([&] { (void)read_csv(folder.path()); }) == "found a folder, expected a CSV file");
  CHECK(complaint_of([&] { (void)read_csv(folder.path() / "none"); }) ==
        "found no such file, expected a CSV file");
}

TEST_CASE("a cell that is no number is named by byte, column and line, also below a quoted line break") {
  const CsvTable table = parsed("a,b\n\"x\"\"\ny\",1.5x\n-1,1e999\n");
  CHECK(complaint_of([&] { (void)table.number(0, 1); }) ==
        "at byte 12 found '1.5x' in column 'b' on line 3, expected a number or nothing");
  CHECK(complaint_of([&] { (void)table.number(1, 1); }) ==
        "at byte 20 found '1e999' in column 'b' on line 4, expected a number or nothing");
  CHECK(complaint_of([&] { (void)table.number<std::uint64_t>(1, 0); }) ==
        "at byte 17 found '-1' in column 'a' on line 4, expected an integer from 0 up, or nothing");
  CHECK(table.number<std::int64_t>(1, 0) == -1);
  const CsvTable shifted = parsed("a,b\n\"x\"\"\n\",y\n");
  CHECK(complaint_of([&] { (void)shifted.number(0, 1); }).find("on line 3,") != std::string::npos);
}

namespace {

// Long enough for several parts, with rows of all lengths and line breaks that end none.
std::string long_table(int rows) {
  std::string text = "step,words,loss\r\n";
  for (int i = 0; i < rows; ++i) {
    const std::string words(static_cast<std::size_t>(i * 7 % 100), 'a');
    text += std::to_string(i) + ",";
    text += i % 3 == 0 ? words + " \"plain\"" : "\"" + words + ",\n\"\"quoted\"\"\"";
    text += "," + std::to_string(i * 0.25) + (i % 2 == 0 ? "\n" : "\r\n");
  }
  return text;
}

}  // namespace

TEST_CASE("a long table read in parts is the one that is read whole") {
  const test::TemporaryFolder folder;
  // With more empty lines at the end than a part has room for.
  const auto path =
      folder.write("t.csv", long_table(60'000) + "60000,\"the last\",1" + std::string(2'000'000, '\n'));
  const CsvTable whole = read_csv(path);
  std::size_t row = 0;
  int parts = 0;
  bool same = true;
  soap::read_csv_in_parts(path, [&](const CsvTable& part) {
    ++parts;
    REQUIRE(part.header() == whole.header());
    for (std::size_t i = 0; i < part.rows(); ++i, ++row) {
      for (std::size_t column = 0; column < 3; ++column)
        same = same && part.text(i, column) == whole.text(row, column);
    }
  });
  CHECK(same);
  CHECK(row == whole.rows());
  CHECK(parts > 3);
  CHECK(parts < 9);
}

TEST_CASE("what is wrong in a long table read in parts is named by its place in the file") {
  const std::string start = long_table(50'000);
  for (const std::string end : {"\n\n", "1,x,y\n", "1,2\n", "1,2,3,\n", "1,\"never closed", "1,\"x\"y,3\n"}) {
    CAPTURE(end);
    const test::TemporaryFolder folder;
    const auto path = folder.write("t.csv", start + end + (end.ends_with('\n') ? long_table(50'000) : ""));
    const auto read_losses = [](const CsvTable& table) {
      for (std::size_t row = 0; row < table.rows(); ++row) (void)table.number(row, table.column("loss"));
    };
    const std::string found = complaint_of([&] { soap::read_csv_in_parts(path, read_losses); });
    CHECK(!found.empty());
    CHECK(found == complaint_of([&] { read_losses(read_csv(path)); }));
  }
}

TEST_CASE("a table without rows is one part, and an empty file is none") {
  const test::TemporaryFolder folder;
  int parts = 0;
  soap::read_csv_in_parts(folder.write("t.csv", "a,b"), [&](const CsvTable& table) {
    ++parts;
    CHECK(table.rows() == 0);
    CHECK(table.column("b") == 1);
  });
  CHECK(parts == 1);
  CHECK(complaint_of([&] { soap::read_csv_in_parts(folder.write("e.csv", ""), [](const CsvTable&) {}); }) ==
        "found an empty file, expected a CSV file with a header line");
}

TEST_CASE("an unknown column is refused with the nearest ones") {
  const CsvTable table = parsed("train_loss,test_loss,seed\n");
  CHECK(complaint_of([&] { (void)table.column("tran_loss"); }) ==
        "found no column 'tran_loss' in the header (nearest: train_loss, test_loss, seed), expected that "
        "column");
}

TEST_CASE("a written field reads back as itself") {
  CHECK(csv_field("sign:period=6400") == "sign:period=6400");
  CHECK(csv_field("a,b") == "\"a,b\"");
  for (const std::string text : {"", "plain", "with, comma", "\"quoted\"", "two\nlines", "cr\r"}) {
    const CsvTable table = parsed("a,b\n" + csv_field(text) + ",x\n");
    REQUIRE(table.rows() == 1);
    CHECK(table.text(0, 0) == text);
  }
}

TEST_CASE("words for spreadsheets are no formulas, and show control characters") {
  using soap::csv_text;
  CHECK(csv_text("sign:period=6400") == "sign:period=6400");
  CHECK(csv_text("a = b - c") == "a = b - c");
  CHECK(csv_text("") == "");  // NOLINT: the text that it makes
  CHECK(csv_text("=1+1") == "'=1+1");
  CHECK(csv_text("+1") == "'+1");
  CHECK(csv_text("-x") == "'-x");
  CHECK(csv_text("@SUM(A1)") == "'@SUM(A1)");
  CHECK(csv_text("  =1") == "'  =1");
  CHECK(csv_text("\t=1") == "\\x09=1");
  CHECK(csv_text("=f(\"a\",1)") == "\"'=f(\"\"a\"\",1)\"");
  CHECK(csv_text("two\r\nlines\x7f") == "two\\x0d\\x0alines\\x7f");
  CHECK(csv_text("99 \xC2\xB1 1") == "99 \xC2\xB1 1");
}
