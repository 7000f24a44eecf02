// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQml

// A player that makes no sound: what it plays, and how far it is.
QtObject {
    id: player

    readonly property var tracks: [
        {title: "Blue Train", artist: "The Semaphores", seconds: 214},
        {title: "Named Pipe Blues", artist: "Unix Five", seconds: 187},
        {title: "Handshake at Midnight", artist: "The Sockets", seconds: 245},
        {title: "No Route Home", artist: "Broken Link", seconds: 162}
    ]
    property int index
    property bool playing
    property double position // in seconds
    property int volume: 60
    readonly property var track: tracks[index]

    signal quitWanted()

    function skip(step: int) {
        index = (index + step + tracks.length) % tracks.length;
        position = 0;
    }

    function status(): string {
        return "%1 \"%2\" by %3, %4 of %5 s, volume %6".arg(playing ? "playing" : "paused").arg(track.title).arg(track.artist)
            .arg(Math.floor(position)).arg(track.seconds).arg(volume);
    }

    // Does what a line says, and returns the answer.
    function obey(line) {
        const words = line.trim().split(/\s+/);
        const number = Number(words[1]);
        const commands = {
            play: () => playing = true,
            pause: () => playing = false,
            toggle: () => playing = !playing,
            next: () => skip(1),
            previous: () => skip(-1),
            status: () => {},
            quit: () => Qt.callLater(quitWanted),
            volume: () => volume = number,
            seek: () => position = number
        };
        const limits = {volume: 100, seek: track.seconds};
        if (!commands.hasOwnProperty(words[0]))
            return "error: %1 are known, not \"%2\"".arg(Object.keys(commands).join(", ")).arg(words[0]);
        const limit = limits[words[0]];
        if (limit !== undefined && !(words.length === 2 && number >= 0 && number <= limit))
            return "error: %1 takes a number from 0 to %2".arg(words[0]).arg(limit);
        commands[words[0]]();
        return status();
    }

    readonly property Timer clock: Timer {
        interval: 250
        repeat: true
        running: player.playing
        onTriggered: {
            player.position += 0.25;
            if (player.position >= player.track.seconds)
                player.skip(1);
        }
    }
}
