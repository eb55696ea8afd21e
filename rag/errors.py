"""What can go wrong, as sentences: each says what happened and what to do next. Caught by the command line, the page and the evaluation."""

from __future__ import annotations


class PaperchatError(Exception):
    """Base class of all errors whose message is meant for users."""


class SettingsError(PaperchatError):
    """A setting is unknown or has a value that cannot be used."""


class ImportFailed(PaperchatError):
    """A file of papers cannot be read at all."""


class PaperNotFound(PaperchatError):
    """No paper has this id or title."""


class CollectionError(PaperchatError):
    """There is no collection of this name, there is one already, or a name cannot be used."""


class FetchFailed(PaperchatError):
    """A service that papers were to be fetched from cannot be reached, refuses, or sends what cannot be used."""


class PromptError(PaperchatError):
    """A prompt file is missing, or its `$names` and the values given do not agree."""


class LibraryError(PaperchatError):
    """The root of what can be wrong with a library on disk."""


class LibraryBusy(LibraryError):
    """Another process owns the library and this step must write."""


class LibraryMismatch(LibraryError):
    """The library was written by another encoder, chunker or version."""


class LibraryDamaged(LibraryError):
    """The records, the truth itself, cannot be read."""


class StorageFailed(LibraryError):
    """The disk is full, or the folder may not be read or written."""


class QuestionTooLong(PaperchatError):
    """A question has more characters than are read."""


class ModelFailed(PaperchatError):
    """A language or embedding model cannot be used, did not answer, or broke off in the middle."""


class PromptTooLong(ModelFailed):
    """What was sent to a language model does not fit into its context: less of it may."""


class WrongTable(PaperchatError):
    """An evidence table was asked for with columns or papers that it cannot have."""


class WrongDraft(PaperchatError):
    """A text to be checked is empty, or longer than is read."""


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Why a text file could not be read, in words: “No such file or directory”, “it is not UTF-8 text”."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return error.strerror or type(error).__name__
