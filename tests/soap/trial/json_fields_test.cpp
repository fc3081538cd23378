#include "soap/trial/json_fields.hpp"

#include <functional>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "soap/base/error.hpp"

using soap::JsonFields;
using soap::parse_json;

namespace {

std::string complaint(const std::string& text, const std::function<void(const JsonFields&)>& read) {
  try {
    const auto json = parse_json(text, "f", "a thing");
    read(JsonFields(json, "f"));
  } catch (const soap::IoError& error) {
    return error.what();
  }
  return "";
}

std::string refused(const std::string& text) {
  return complaint(text, [](const JsonFields&) {});
}

}  // namespace

TEST_CASE("text that is no JSON, or more than a file of ours can be, is refused in one sentence") {
  CHECK(refused("{}").empty());
  CHECK(refused("") == "f: at byte 1 found an empty file, expected a thing");
  CHECK(refused("{\"a\":") ==
        "f: at byte 6 found text that is not JSON, or ends too early, expected a thing");
  CHECK(refused(std::string("{}\0", 3)) == "f: at byte 2 found a zero byte, expected a thing");
  CHECK(refused("{\"a\": \"caf\xe9\"}").find("not JSON") != std::string::npos);
  CHECK(refused("{\"a\": 1e309}") == "f: found a number that is too large, expected a thing");
  CHECK(refused("{\"a\": 1, \"a\": 1}") == "f: found the field 'a' twice, expected a thing");
  CHECK(refused("{\"a\": {\"b\": 1}, \"b\": [{\"a\": 1}, {\"a\": 1}]}").empty());
  for (const char* bracket : {"[", "{\"a\":"}) {
    std::string deep = "{\"format\":";
    for (int i = 0; i < 100'000; ++i) deep += bracket;
    CHECK(refused(deep) == "f: found JSON that nests deeper than 16 levels, expected a thing");
  }
  CHECK(refused("[1]") == "f: found a list, expected an object");
  CHECK(refused("3") == "f: found 3, expected an object");
}

TEST_CASE("a field that is missing, of another kind or out of its range is named") {
  const auto said = [](const std::string& value, const std::function<void(const JsonFields&)>& read) {
    return complaint("{\"a\": " + value + "}", read);
  };
  const auto integer = [](const JsonFields& fields) { (void)fields.integer("a", 1, 9); };
  CHECK(said("9", integer).empty());
  for (const std::string value : {"0", "10", "-1", "1.0", "1e99", "18446744073709551615", "null", "true"})
    CHECK(said(value, integer) ==
          "f: found " + nlohmann::json::parse(value).dump() + " in 'a', expected an integer from 1 to 9");
  CHECK(said("\"x\"", integer) == "f: found 'x' in 'a', expected an integer from 1 to 9");
  CHECK(complaint("{}", integer) == "f: found no field 'a', expected one");

  const auto seed = [](const JsonFields& fields) { (void)fields.seed("a"); };
  const auto largest = parse_json(R"({"a": 18446744073709551615})", "f", "a thing");
  CHECK(JsonFields(largest, "f").seed("a") == std::numeric_limits<std::uint64_t>::max());
  for (const std::string value : {"18446744073709551616", "-1", "1e99", "1.5", "[]"})
    CHECK(said(value, seed).ends_with(" in 'a', expected an integer from 0 to 18446744073709551615"));

  const auto share = [](const JsonFields& fields) { (void)fields.number("a", soap::from_0_to_1); };
  CHECK(said("1", share).empty());
  for (const std::string value : {"1.15", "-0.1", "7", "null", "\"1\""})
    CHECK(said(value, share).ends_with(" in 'a', expected a number from 0 to 1"));

  CHECK(said("{\"b\": [3, -1]}", [](const JsonFields& fields) {
          (void)fields.object("a").integers("b", 0);
        }) == "f: found -1 in 'a.b', expected an integer of at least 0");
  CHECK(said("[{}]", [](const JsonFields& fields) { (void)fields.objects("a").front().truth("b"); }) ==
        "f: found no field 'a.b', expected one");
  CHECK(said("3", [](const JsonFields& fields) { (void)fields.object("a"); }) ==
        "f: found 3 in 'a', expected an object");
}

TEST_CASE("a text comes back with all its bytes, UTF-8 or not") {
  for (const std::string text : {"", "caf\xc3\xa9", "caf\xe9", "\x1b\n", "\xff\x80"}) {
    CAPTURE(text);
    const auto json =
        parse_json(nlohmann::ordered_json{{"a", soap::json_of_text(text)}}.dump(), "f", "a thing");
    CHECK(JsonFields(json, "f").text("a") == text);
  }
  CHECK(soap::json_of_text("caf\xe9").dump() == R"({"text":"caf\\xe9","bytes":"636166e9"})");
  for (const char* text : {"3", "{}", R"({"bytes":"6"})", R"({"bytes":"6G"})", R"({"bytes":3})"})
    CHECK_FALSE(soap::text_of_json(nlohmann::ordered_json::parse(text)));
}
