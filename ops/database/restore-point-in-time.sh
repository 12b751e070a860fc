#!/bin/bash
echo later; exit 1
