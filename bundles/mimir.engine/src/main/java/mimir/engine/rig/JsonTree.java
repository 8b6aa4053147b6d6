// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into maps, lists and scalars, and refuses what could be meant in two ways. The strings come out with their
 * variables filled in. Confined.
 */
final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();

    private final RigText rig;
    private final Variables variables;
    private final JsonParser parser;

    private JsonTree(RigText rig, Variables variables, JsonParser parser) {
        this.rig = rig;
        this.variables = variables;
        this.parser = parser;
    }

    /**
     * The members of the rig: String, Boolean, Long, Double, List or Map; no null.
     *
     * @throws mimir.api.BadInputException with line and column of bad JSON, or with the place of a bad value
     */
    static Map<String, Object> read(RigText rig, Variables variables) {
        var json = rig.json().startsWith("\uFEFF") ? rig.json().substring(1) : rig.json();
        try (var parser = JSON.createParser(json)) {
            return new JsonTree(rig, variables, parser).parsed();
        } catch (IOException impossible) {
            throw new UncheckedIOException("text in memory could not be read", impossible);
        }
    }

    private Map<String, Object> parsed() throws IOException {
        try {
            return root();
        } catch (StreamConstraintsException tooMuch) { // tells no place of its own
            throw rig.fault(here(parser.currentLocation()), "is nested too deep, or a name or number is too long;"
                    + " shorten it there");
        } catch (JsonProcessingException malformed) {
            throw rig.fault(here(malformed.getLocation()), "this is not JSON (" + reason(malformed)
                    + "); correct it there");
        }
    }

    private static String here(JsonLocation at) {
        return "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** The parser's own words, without its notes on characters and markers. */
    private static String reason(JsonProcessingException malformed) {
        var text = malformed.getOriginalMessage().lines().findFirst().orElse("malformed");
        text = text.replaceAll(" \\(start marker at .*", "").replaceAll(" \\(code [^)]*\\)", "")
                .replaceAll(": enable `.*", "");
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private Map<String, Object> root() throws IOException {
        var first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw rig.fault("", "a rig is one JSON object; begin it with {");
        }
        var members = object("");
        if (parser.nextToken() != null) {
            throw rig.fault(here(parser.currentTokenLocation()), "text follows the end of the rig; remove it");
        }
        return members;
    }

    private Object value(String place) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(place);
            case START_ARRAY -> array(place);
            case VALUE_STRING -> variables.fill(rig, place, parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> whole(place);
            case VALUE_NUMBER_FLOAT -> number(place);
            default -> throw rig.fault(place, "is null; give it a value or leave it out");
        };
    }

    private Map<String, Object> object(String place) throws IOException {
        var members = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var inside = place.isEmpty() ? name : place + "." + name;
            parser.nextToken();
            if (members.putIfAbsent(name, value(inside)) != null) {
                throw rig.fault(inside, "is given twice; keep one");
            }
        }
        return members;
    }

    private List<Object> array(String place) throws IOException {
        var items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(place + "[" + items.size() + "]"));
        }
        return items;
    }

    private Long whole(String place) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw rig.fault(place, "is too large a number; at most " + Long.MAX_VALUE + " is possible");
        }
        return parser.getLongValue();
    }

    private Double number(String place) throws IOException {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number)) {
            throw rig.fault(place, "is too large a number; at most 1.7e308 is possible");
        }
        return number;
    }
}
