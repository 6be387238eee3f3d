using System.Text.Json;

namespace Keel.Ui;

/// What the scripts of the pages say (`word('…')` in keel*.js): the layout hands it over in the language of the page.
public static class ScriptWords
{
    public static readonly string[] All =
    [
        "Open it",
        "All {0} that match are",
        "What you typed before the connection was lost is here again.",
        "1 line",
        "{0} lines",
        "1 unit",
        "{0} units",
        "{0} to correct",
        "The code could not be looked up. It is still there: press Enter again.",
        "Reading the lines …",
        "1 line taken",
        "{0} lines taken",
        ", {0} of them to correct",
        "The lines could not be read. They are still where you pasted them; try again.",
        "Single-letter keys are on.",
        "Single-letter keys are off.",
        "It is about all {0} rows that match.",
        "Reason",
        "Resolution",
        "To",
        "Note",
        "Until",
        "Value",
        "Sure?",
        "Yes",
        "{0}: {1} rows, a few hundred at a time …",
        "No connection. What you typed is kept here; try again.",
        "Something broke, and nothing was changed. Try again.",
        "That is not possible here.",
        "{0} waits, the oldest for {1}",
        "{0} wait, the oldest for {1}",
        "Nothing waits",
        "{0} of {1}: it is sent when {1} signs in here.",
        "{0} of {1}: they are sent when {1} signs in here.",
        "{0} kept",
        "I have looked",
        "You are signed out. What you scanned is kept: sign in again.",
        "Done",
        "Refused",
        "That was typed, or the scanner is very slow: more than 60 ms per character.",
        "Right: the scanner says what the test label says.",
        "Large and small letters are swapped: caps lock is on, here or in the scanner.",
        "The hyphen arrived as another sign: the keyboard language of the scanner is not the one of this device.",
        "It reads like GS1, but {0}.",
        "It arrived.",
        "It arrived, and GS1 reads all of it.",
        "not said: switch the AIM identifier on to see it",
        "nothing: set the scanner to end with Enter",
        "{0} ms per character",
        "one character only",
        "Scanned {0}.",
        "People",
        "This file has {0} MB. At most {1} MB are taken: make it smaller, or split it.",
        "The device did not answer, or somebody said no.",
        "{0} days",
        "now",
    ];

    /// For the page's head; nothing in English, which the scripts speak by themselves.
    internal static string? Now => Words.Language == Words.English ? null : JsonSerializer.Serialize(All.ToDictionary(w => w, w => Words.Of(w)));
}
