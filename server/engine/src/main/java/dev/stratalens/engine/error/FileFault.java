package dev.stratalens.engine.error;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file cannot be read or written, for people: without paths, and without names of Java's exceptions where there are words. */
public final class FileFault {

    private FileFault() {}

    /** The reason, without a capital letter and a period: {@code there is no such file}. */
    public static String words(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        } else if (failure instanceof AccessDeniedException) {
            return "permission denied";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "it exists already";
        } else if (failure instanceof NotDirectoryException) {
            return "it is no directory";
        } else if (failure instanceof FileSystemLoopException) {
            return "it links to a folder that it is in";
        } else if (failure instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        if ("Is a directory".equals(reason)) {
            return "it is a directory";
        }
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
