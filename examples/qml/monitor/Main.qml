// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleStyle

ApplicationWindow {
    id: window

    property alias service: monitor.service
    property alias address: monitor.address
    property alias demo: probe.demo
    property bool canRunClient
    readonly property alias monitor: monitor

    signal clientWanted()

    width: 1040
    height: 720
    minimumWidth: 860
    minimumHeight: 560
    visible: true
    color: Theme.background
    title: "Monitor — " + service

    Monitor {
        id: monitor
    }
    Probe {
        id: probe

        address: monitor.listening ? monitor.address : ""
        onAnswered: text => result.text = text
    }
    Timer {
        interval: 1000 / rate.value
        repeat: true
        running: asking.checked && probe.connected
        onTriggered: probe.ask(Math.floor(Math.random() * 1000))
    }
    Shortcut {
        sequences: [StandardKey.Quit]
        onActivated: window.close()
    }
    Shortcut {
        sequences: [StandardKey.Find]
        onActivated: filter.forceActiveFocus()
    }
    onClosing: probe.leave()

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        RowLayout {
            spacing: Theme.gap

            Text {
                objectName: "service"
                text: monitor.service
                color: Theme.text
                font.pixelSize: 20
                font.bold: true
                elide: Text.ElideMiddle
                Layout.fillWidth: true
                Layout.minimumWidth: Math.min(120, Math.ceil(implicitWidth))
                Layout.maximumWidth: Math.min(300, Math.ceil(implicitWidth))
            }
            Tag {
                Layout.fillWidth: true
                Layout.minimumWidth: Math.min(160, Math.ceil(implicitWidth))
                Layout.maximumWidth: Math.min(300, Math.ceil(implicitWidth))
                text: monitor.listening ? "clients go to " + monitor.address : monitor.problem !== "" ? monitor.problem : "not listening"
                tint: monitor.listening ? Theme.good : Theme.bad
            }
            Item {
                Layout.fillWidth: true
            }
            ActionButton {
                id: asking

                objectName: "ask"
                checkable: true
                visible: window.demo
                enabled: probe.connected
                text: checked ? "Asking" : "Ask all the time"
                tint: Theme.good
            }
            LevelSlider {
                id: rate

                objectName: "rate"
                visible: window.demo
                from: 1
                to: 200
                value: 20
                stepSize: 5 // of the keys
                implicitWidth: 120
                Accessible.name: "Questions a second"
            }
            Text {
                Layout.preferredWidth: 40
                visible: window.demo
                text: Math.round(rate.value) + " /s"
                color: Theme.muted
                font.pixelSize: 12
            }
            ActionButton {
                objectName: "runClient"
                visible: window.canRunClient
                text: "Run a client"
                onClicked: window.clientWanted()
            }
        }

        RowLayout {
            Layout.maximumHeight: Math.min(220, window.height * 0.32)
            spacing: Theme.gap

            Panel {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 1
                title: "Messages a second"
                note: "the last minute"
                value: messagePlot.latestText
                tint: messagePlot.tint

                Plot {
                    id: messagePlot

                    objectName: "messagePlot"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    values: monitor.messageRates
                    unit: "/s"
                }
            }
            Panel {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 1
                title: "Bytes a second"
                note: "both directions"
                value: bytePlot.latestText
                tint: bytePlot.tint

                Plot {
                    id: bytePlot

                    objectName: "bytePlot"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    values: monitor.byteRates
                    unit: "B/s"
                    tint: Theme.good
                }
            }
        }

        RowLayout {
            Layout.fillHeight: true
            spacing: Theme.gap

            Panel {
                id: tablePanel

                readonly property var columns: [
                    {title: "", width: 34, fill: false},
                    {title: "process", width: 66, fill: false},
                    {title: "user", width: 48, fill: false},
                    {title: "since", width: 66, fill: false},
                    {title: "messages", width: 90, fill: true},
                    {title: "bytes", width: 140, fill: true}
                ]

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 1
                title: "Connections"
                note: monitor.connections.count

                RowLayout {
                    Layout.leftMargin: 8
                    Layout.rightMargin: 8
                    spacing: 8

                    Repeater {
                        model: tablePanel.columns

                        Text {
                            required property var modelData

                            Layout.preferredWidth: modelData.width
                            Layout.fillWidth: modelData.fill
                            text: modelData.title
                            elide: Text.ElideRight
                            color: Theme.muted
                            font.pixelSize: 12
                        }
                    }
                }
                ScrolledList {
                    id: table

                    objectName: "connections"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    spacing: 2
                    model: monitor.connections
                    delegate: TapItem {
                        width: table.width
                        columns: tablePanel.columns
                        tick: monitor.tick
                    }
                }
                RowLayout {
                    spacing: 8

                    ChoiceBox {
                        id: format

                        objectName: "format"
                        model: window.demo ? ["Question", "Text", "Hex"] : ["Text", "Hex"]
                        Accessible.name: "Format"
                    }
                    InputField {
                        id: input

                        objectName: "input"
                        Layout.fillWidth: true
                        focus: true
                        placeholderText: format.currentText === "Question" ? "A number to be squared" : format.currentText === "Hex" ? "48 65 6c 6c 6f" : "A line of text"
                        Accessible.name: placeholderText
                        onAccepted: sendButton.clicked()
                    }
                    ActionButton {
                        id: sendButton

                        objectName: "send"
                        text: "Send"
                        enabled: probe.connected && input.text !== ""
                        onClicked: {
                            if (!enabled)
                                return;
                            const problem = probe.submit(input.text, format.currentText);
                            result.text = problem;
                            if (problem === "")
                                input.clear();
                        }
                    }
                }
                Text {
                    id: result

                    objectName: "result"
                    Layout.fillWidth: true
                    color: Theme.text
                    font.pixelSize: 13
                    elide: Text.ElideRight
                }
            }

            Panel {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.preferredWidth: 1
                title: "Log"
                note: "%1 of %2".arg(logView.count).arg(monitor.log.count)

                InputField {
                    id: filter

                    objectName: "filter"
                    Layout.fillWidth: true
                    placeholderText: "Filter (Ctrl+F)"
                    Accessible.name: placeholderText
                    Keys.onEscapePressed: {
                        if (text === "")
                            input.forceActiveFocus();
                        clear();
                    }
                }
                LogView {
                    id: logView

                    objectName: "log"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    source: monitor.log
                    filter: filter.text
                }
            }
        }
    }
}
