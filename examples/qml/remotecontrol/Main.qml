// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import InterprocessQt
import ExampleStyle

ApplicationWindow {
    id: window

    property alias fifo: remote.fifo
    property alias address: remote.address
    readonly property alias player: player
    readonly property int pid: PeerCredentials.ofThisProcess().processId

    function timeOf(seconds: double): string {
        const rest = Math.floor(seconds % 60);
        return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
    }

    width: 860
    height: 560
    minimumWidth: 760
    minimumHeight: 480
    visible: true
    color: Theme.background
    title: player.track.title + " — remote control"

    Player {
        id: player

        onQuitWanted: window.close()
    }
    Remote {
        id: remote

        player: player
    }

    Shortcut {
        sequences: [StandardKey.Quit]
        onActivated: window.close()
    }
    Shortcut {
        sequence: "Space"
        onActivated: player.playing = !player.playing
    }
    Shortcut {
        sequence: "Ctrl+Right"
        onActivated: player.skip(1)
    }
    Shortcut {
        sequence: "Ctrl+Left"
        onActivated: player.skip(-1)
    }

    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        Panel {
            Layout.preferredWidth: 340
            Layout.fillHeight: true

            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true

                Cover {
                    anchors.centerIn: parent
                    width: Math.min(parent.width, parent.height)
                    height: width
                    title: player.track.title
                    number: player.index
                    turning: player.playing
                }
            }
            Text {
                objectName: "title"
                Layout.fillWidth: true
                text: player.track.title
                color: Theme.text
                font.pixelSize: 20
                font.bold: true
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: player.track.artist
                color: Theme.muted
                font.pixelSize: 14
                elide: Text.ElideRight
            }
            RowLayout {
                spacing: 8

                Text {
                    text: window.timeOf(player.position)
                    color: Theme.muted
                    font.pixelSize: 12
                }
                LevelSlider {
                    objectName: "position"
                    Layout.fillWidth: true
                    to: player.track.seconds
                    stepSize: 5 // of the keys
                    value: player.position
                    onMoved: player.position = value
                    Accessible.name: "Position"
                }
                Text {
                    text: window.timeOf(player.track.seconds)
                    color: Theme.muted
                    font.pixelSize: 12
                }
            }
            RowLayout {
                Layout.alignment: Qt.AlignHCenter
                spacing: Theme.gap

                ActionButton {
                    objectName: "previous"
                    text: "◀◀"
                    tint: Theme.raised
                    onClicked: player.skip(-1)
                    Accessible.name: "Previous"
                }
                ActionButton {
                    objectName: "toggle"
                    implicitWidth: 96
                    text: player.playing ? "Pause" : "Play"
                    focus: true
                    onClicked: player.playing = !player.playing
                }
                ActionButton {
                    objectName: "next"
                    text: "▶▶"
                    tint: Theme.raised
                    onClicked: player.skip(1)
                    Accessible.name: "Next"
                }
            }
            RowLayout {
                spacing: 8

                Text {
                    text: "Volume"
                    color: Theme.muted
                    font.pixelSize: 12
                }
                LevelSlider {
                    objectName: "volume"
                    Layout.fillWidth: true
                    to: 100
                    stepSize: 5
                    value: player.volume
                    onMoved: player.volume = value
                    Accessible.name: "Volume"
                }
                Text {
                    text: player.volume
                    color: Theme.muted
                    font.pixelSize: 12
                }
            }
        }

        ColumnLayout {
            spacing: Theme.gap

            Panel {
                Layout.fillWidth: true
                title: "From a shell"
                note: "process " + window.pid

                ShellLine {
                    lineName: "lineForAFifo"
                    what: "through a FIFO"
                    text: "echo next > " + remote.fifo
                }
                ShellLine {
                    lineName: "lineForASocket"
                    what: "through a socket, with an answer"
                    text: "echo volume 30 | socat - " + (remote.address.startsWith("@") ? "ABSTRACT-CONNECT:" + remote.address.slice(1) : "UNIX-CONNECT:" + remote.address)
                }
                ShellLine {
                    lineName: "lineForASignal"
                    what: "with a signal: USR1 plays and pauses, USR2 is the next one, TERM quits"
                    text: "kill -USR1 " + window.pid
                }
            }
            Panel {
                Layout.fillWidth: true
                Layout.fillHeight: true
                title: "Commands"
                note: remote.log.count

                ScrolledList {
                    id: commands

                    objectName: "commands"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    spacing: 8
                    model: remote.log
                    delegate: CommandItem {
                        width: commands.width
                    }

                    Text {
                        anchors.centerIn: parent
                        visible: commands.count === 0
                        text: "Nobody has commanded anything yet."
                        color: Theme.muted
                        font.pixelSize: 13
                    }
                }
            }
        }
    }
}
